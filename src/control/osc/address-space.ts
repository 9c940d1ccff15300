// Which addresses there are, and what a message to them asks for.

import type { PatchContent } from '../../patch/patch-content.js';
import { didYouMean } from '../../patch/suggestion.js';
import type { OscCommand, OscServerCommand, Tail } from './command.js';
import { longestTail } from './command.js';
import type { OscArgument, OscMessage } from './packet.js';
import type { AddressPattern, MatchingWork } from './pattern.js';
import { addressParts, isPattern, parsePattern } from './pattern.js';
import { describeArguments, integerOf, numberOf, textOf } from './read-arguments.js';

/** A number that can be set from outside, in its unit. */
export interface AddressedParameter {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
}

/** What a patch offers. */
export interface AddressDescription {
  readonly nodes: readonly { readonly id: string; readonly parameters: readonly AddressedParameter[] }[];
  readonly gates: readonly string[];
  /** Addresses that the patch binds, such as /pad/cutoff. They come before gates and nodes of the same address. */
  readonly controls: readonly string[];
}

/** What a message asks for. */
export type Meaning =
  /** A pattern may mean many commands; `faults` says which of its addresses do not take the arguments. */
  | { readonly type: 'commands'; readonly commands: readonly OscCommand[]; readonly faults: readonly string[] }
  | { readonly type: 'server'; readonly command: OscServerCommand }
  /** What a server answers; it asks for nothing. */
  | { readonly type: 'answer' }
  /** `explain` makes the sentence: what is wrong, and what would fit. */
  | { readonly type: 'fault'; readonly explain: () => string };

type Target =
  | { readonly type: 'parameter'; readonly node: string; readonly parameter: AddressedParameter }
  | { readonly type: 'gate'; readonly gate: string }
  | { readonly type: 'control' };

interface Addressed {
  readonly address: string;
  readonly parts: readonly string[];
  readonly target: Target;
}

/** Beyond these, looking for the address that was meant would take time. */
const mostSuggested = 300;

/** Comparisons that one pattern may cost: a millisecond or two. In a patch of a thousand nodes, patterns of people take a tenth. */
const mostMatchingWork = 100_000;

/** Patterns whose addresses are remembered. */
const mostRemembered = 64;

const serverAddresses = ['/note', '/amp/panic', '/amp/patch', '/amp/subscribe', '/amp/unsubscribe', '/amp/ping'];

/** What the patch offers to OSC. */
export function describeAddresses(patch: PatchContent): AddressDescription {
  const sources = [...patch.controls.map(({ from }) => from), ...patch.gates.flatMap(({ controls }) => controls)];
  const ofGates = new Set(patch.gates.map(({ id }) => gateAddress(id)));
  const bound = sources.flatMap((source) => (source.type === 'osc' ? [source.address] : []));
  const moved = new Set(patch.controls.flatMap(({ from }) => (from.type === 'osc' ? [from.address] : [])));
  return {
    nodes: patch.nodes.map(({ id, type }) => ({ id, parameters: type.parameters })),
    gates: patch.gates.map(({ id }) => id),
    // A gate that names its own address among its controls moves no further thing.
    controls: [...new Set(bound)].filter((address) => moved.has(address) || !ofGates.has(address)),
  };
}

function gateAddress(id: string): string {
  return `/gate/${id}`;
}

/** The addresses of one patch. */
export class AddressSpace {
  readonly #addressed = new Map<string, Addressed>();
  /** What patterns mean; the one that was used last is last. */
  readonly #remembered = new Map<string, readonly Addressed[]>();

  constructor(description: AddressDescription) {
    for (const { id, parameters } of description.nodes) {
      for (const parameter of parameters) {
        this.#add(`/${id}/${parameter.name}`, { type: 'parameter', node: id, parameter });
      }
    }
    for (const gate of description.gates) {
      this.#add(gateAddress(gate), { type: 'gate', gate });
    }
    for (const address of description.controls) {
      this.#add(address, { type: 'control' });
    }
  }

  /** All addresses that patterns reach: parameters, gates and controls. */
  get addresses(): readonly string[] {
    return [...this.#addressed.keys()];
  }

  /** What a message asks for. Its work is bounded, whatever the pattern. */
  meaningOf(message: OscMessage): Meaning {
    const { address } = message;
    const target = this.#addressed.get(address);
    if (target !== undefined) {
      const reading = readCommand(target, message);
      return typeof reading === 'string'
        ? fault(() => `${address} ${reading}`)
        : { type: 'commands', commands: [reading], faults: [] };
    }
    const own = ownMeaning(message);
    if (own !== undefined) {
      return own;
    }
    return isPattern(address)
      ? this.#meaningOfPattern(message)
      : fault(() => `there is no ${address}${this.#suggest(address)}`);
  }

  #add(address: string, target: Target): void {
    this.#addressed.set(address, { address, parts: addressParts(address), target });
  }

  #suggest(address: string): string {
    const known = [...serverAddresses, ...this.#addressed.keys()];
    return known.length > mostSuggested ? '' : didYouMean(address, known);
  }

  #meaningOfPattern(message: OscMessage): Meaning {
    const { address } = message;
    let meant = this.#remembered.get(address);
    if (meant === undefined) {
      const reading = parsePattern(address);
      if (!reading.ok) {
        return fault(() => `${address}: ${reading.message}`);
      }
      const work = { left: mostMatchingWork };
      meant = this.#find(reading.pattern, work);
      if (work.left < 0) {
        return fault(() => `${address}: the pattern takes too long to match; fewer "*", "[]" and "{}" fit`);
      }
    }
    this.#remember(address, meant);
    const commands: OscCommand[] = [];
    const faults: string[] = [];
    for (const each of meant) {
      const reading = readCommand(each, message);
      if (typeof reading === 'string') {
        faults.push(`${each.address} ${reading}`);
      } else {
        commands.push(reading);
      }
    }
    return meant.length === 0
      ? fault(() => `no parameter, gate or control matches ${address}`)
      : { type: 'commands', commands, faults };
  }

  #find(pattern: AddressPattern, work: MatchingWork): readonly Addressed[] {
    return [...this.#addressed.values()].filter(({ parts }) => pattern.matches(parts, work));
  }

  #remember(pattern: string, meant: readonly Addressed[]): void {
    this.#remembered.delete(pattern);
    this.#remembered.set(pattern, meant);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > mostRemembered && oldest !== undefined) {
      this.#remembered.delete(oldest);
    }
  }
}

function fault(explain: () => string): Meaning {
  return { type: 'fault', explain };
}

/** How the addresses of notes, gates and panics begin, which nothing else may delay. */
export const urgentAddresses = ['/note', '/gate/', '/amp/panic'] as const;

/** Whether a message is a note, a gate or a panic. */
export function isUrgent({ address }: OscMessage): boolean {
  return urgentAddresses.some((beginning) => address.startsWith(beginning)) && !isPattern(address);
}

/** The meaning of the addresses that every patch has. */
function ownMeaning(message: OscMessage): Meaning | undefined {
  const { address } = message;
  switch (address) {
    case '/note':
      return readNote(message);
    case '/amp/panic':
      return { type: 'commands', commands: [{ type: 'panic' }], faults: [] };
    case '/amp/patch':
      return readPatchChange(message);
    case '/amp/subscribe':
      return readSubscription(message, 'subscribe');
    case '/amp/unsubscribe':
      return readSubscription(message, 'unsubscribe');
    case '/amp/ping':
      return { type: 'server', command: { type: 'ping' } };
    case '/amp/reply':
    case '/amp/error':
      return { type: 'answer' };
    default:
      return address.startsWith('/amp/status/') ? { type: 'answer' } : undefined;
  }
}

function readNote({ arguments: list }: OscMessage): Meaning {
  const channel = integerOf(list[0], 1, 16);
  const note = integerOf(list[1], 0, 127);
  const velocity = numberOf(list[2]);
  if (channel === undefined || note === undefined || !isShare(velocity) || list.length !== 3) {
    const fitting = 'i channel (1 to 16), i note (0 to 127), f velocity (0 to 1; 0 releases) fit';
    return fault(() => `/note takes three numbers: ${fitting}; found ${describeArguments(list)}`);
  }
  const command: OscCommand = { type: 'note', channel, note, velocity: Math.fround(velocity) };
  return { type: 'commands', commands: [command], faults: [] };
}

function readPatchChange({ arguments: list }: OscMessage): Meaning {
  const path = textOf(list[0]);
  const tail = list.length > 1 ? readTail(list[1]) : undefined;
  const isFitting = list.length < 2 || (list.length === 2 && tail !== undefined);
  if (path === undefined || path === '' || !isFitting) {
    const fitting = `s path of a patch, and perhaps s "last-note" or f seconds (0 to ${longestTail}) fit`;
    return fault(() => `/amp/patch: ${fitting}; found ${describeArguments(list)}`);
  }
  const command: OscCommand = { type: 'patch', path, ...(tail === undefined ? {} : { tail }) };
  return { type: 'commands', commands: [command], faults: [] };
}

function readTail(argument: OscArgument | undefined): Tail | undefined {
  if (textOf(argument) === 'last-note') {
    return 'last-note';
  }
  const seconds = numberOf(argument);
  return seconds !== undefined && seconds >= 0 && seconds <= longestTail ? seconds : undefined;
}

function readSubscription({ address, arguments: list }: OscMessage, type: 'subscribe' | 'unsubscribe'): Meaning {
  if (list.length === 0) {
    return { type: 'server', command: { type } };
  }
  const destination = textOf(list[0]) ?? integerOf(list[0], 1, 65_535);
  return destination === undefined || list.length > 1
    ? fault(() => `${address} takes "HOST:PORT", a port, or nothing; found ${describeArguments(list)}`)
    : { type: 'server', command: { type, destination } };
}

function isShare(number: number | undefined): number is number {
  return number !== undefined && number >= 0 && number <= 1;
}

/** The command, or how the sentence goes on that begins with the address. */
function readCommand({ address, target }: Addressed, { arguments: list }: OscMessage): OscCommand | string {
  const number = list.length === 1 ? numberOf(list[0]) : undefined;
  switch (target.type) {
    case 'parameter': {
      const { name, minimum, maximum } = target.parameter;
      const value = number === undefined ? Number.NaN : Math.fround(number);
      return value >= Math.fround(minimum) && value <= Math.fround(maximum)
        ? { type: 'set_parameter', node: target.node, parameter: name, value }
        : `takes a number from ${minimum} to ${maximum}; found ${describeArguments(list)}`;
    }
    case 'gate':
      return number === 0 || number === 1
        ? { type: 'gate', gate: target.gate, isOpen: number === 1 }
        : `takes 1 (open) or 0 (closed); found ${describeArguments(list)}`;
    case 'control':
      return isShare(number)
        ? { type: 'control', address, value: number }
        : `takes a number from 0 to 1; found ${describeArguments(list)}`;
  }
}
