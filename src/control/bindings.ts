// What the controls of a patch make of MIDI messages, OSC messages and keys.

import type { ControlSource, ControlTarget } from '../patch/patch.js';
import type { PatchContent } from '../patch/patch-content.js';
import type { ControlEvent, GateChange } from './control-event.js';
import type { MidiMessage } from './midi-message.js';
import { largestData, statusOf, wheelCentre } from './midi-message.js';
import type { Movement } from './movement.js';
import { movementOf } from './movement.js';

export interface BindingSettings {
  /** Frames a second. */
  readonly sampleRate: number;
}

/** What something that is bound does; a source may have several targets. */
export interface BoundMovement {
  /** Perhaps none: the release of a note that moves gates, or a controller on the side of a gate on which it was. */
  readonly events: readonly ControlEvent[];
}

/**
 * Where a source stands: at 0 to 1 of its travel, or at one end of a key that is pressed and let go, or pressed, which goes to the
 * other end.
 */
type Travel =
  | { readonly type: 'position'; readonly position: number }
  | { readonly type: 'note'; readonly position: number }
  | { readonly type: 'toggle' };

interface Binding {
  readonly movements: ToggledMovement[];
  readonly gates: BoundGate[];
}

interface BoundGate {
  /** The gate's name in the patch. */
  readonly name: string;
  /** Index in the plan. */
  readonly gate: number;
  /** On which side of half the source stood, if it has a position and has moved. */
  isOpen: boolean | undefined;
}

interface ToggledMovement {
  /** What is moved, by names of the patch. */
  readonly target: string;
  readonly movement: Movement;
  isAtEnd: boolean;
}

/** The controls of one patch. It remembers which way each toggle goes next. */
export class Bindings {
  readonly #bindings = new Map<string, Binding>();
  /** OSC addresses that move something, gates among them. */
  readonly oscAddresses: readonly string[];

  constructor(patch: PatchContent, { sampleRate }: BindingSettings) {
    const timing = { rate: sampleRate, tempo: patch.tempo, meter: patch.meter };
    for (const control of patch.controls) {
      const movement = movementOf(patch, control, timing);
      this.#bindingOf(control.from).movements.push({ target: targetName(patch, control.to), movement, isAtEnd: false });
    }
    for (const [gate, { id: name, controls }] of patch.gates.entries()) {
      for (const source of controls) {
        this.#bindingOf(source).gates.push({ name, gate, isOpen: undefined });
      }
    }
    const sources = [...patch.controls.map(({ from }) => from), ...patch.gates.flatMap(({ controls }) => controls)];
    this.oscAddresses = [...new Set(sources.flatMap((source) => (source.type === 'osc' ? [source.address] : [])))];
  }

  /** Goes on where the controls of the patch before stood that move the same by the same source. */
  goOnFrom(before: Bindings): void {
    for (const [source, { movements, gates }] of this.#bindings) {
      const known = before.#bindings.get(source);
      for (const movement of movements) {
        movement.isAtEnd = known?.movements.find(({ target }) => target === movement.target)?.isAtEnd ?? false;
      }
      for (const gate of gates) {
        gate.isOpen = known?.gates.find(({ name }) => name === gate.name)?.isOpen;
      }
    }
  }

  /** What a MIDI message moves, whatever its channel; nothing if the patch does not bind it, so that it has its usual meaning. */
  midi(message: MidiMessage): BoundMovement | undefined {
    const bound = midiTravel(message);
    if (bound === undefined) {
      return undefined;
    }
    const { source, position } = bound;
    return this.#move(source, { type: source.type === 'midi_note' ? 'note' : 'position', position });
  }

  /** What a number sent to a bound address moves: 0 to 1 of its travel, and what lies outside as the nearer end. */
  osc(address: string, position: number): BoundMovement | undefined {
    return this.#move({ type: 'osc', address }, { type: 'position', position });
  }

  /** What a press of a key moves: from one end of its travel to the other. */
  key(key: string): BoundMovement | undefined {
    return this.#move({ type: 'key', key }, { type: 'toggle' });
  }

  #bindingOf(source: ControlSource): Binding {
    const key = keyOf(source);
    const binding = this.#bindings.get(key) ?? { movements: [], gates: [] };
    this.#bindings.set(key, binding);
    return binding;
  }

  #move(source: ControlSource, travel: Travel): BoundMovement | undefined {
    const binding = this.#bindings.get(keyOf(source));
    if (binding === undefined) {
      return undefined;
    }
    const events = binding.movements.map((toggled): ControlEvent => {
      const position = travel.type !== 'toggle' ? travel.position : toggled.isAtEnd ? 0 : 1;
      toggled.isAtEnd = position >= 0.5;
      return toggled.movement.eventAt(position);
    });
    return { events: [...events, ...binding.gates.flatMap((gate) => gateEvents(gate, travel))] };
  }
}

function targetName({ nodes, edges }: PatchContent, to: ControlTarget): string {
  if (to.type === 'edge') {
    return `edge ${edges[to.edge]?.id ?? to.edge}`;
  }
  const node = nodes[to.node];
  return `${node?.id}.${node?.type.parameters[to.parameter]?.name}`;
}

/** Keys and notes toggle a gate; what has a position opens it from half of its travel on. The engine adds latencies. */
function gateEvents(bound: BoundGate, travel: Travel): readonly ControlEvent[] {
  const move = (change: GateChange): readonly ControlEvent[] => [{ type: 'set_gate', gate: bound.gate, change }];
  if (travel.type === 'toggle') {
    return move('toggle');
  }
  if (travel.type === 'note') {
    return travel.position > 0 ? move('toggle') : [];
  }
  const isOpen = travel.position >= 0.5;
  if (isOpen === bound.isOpen) {
    return [];
  }
  bound.isOpen = isOpen;
  return move(isOpen ? 'open' : 'close');
}

function keyOf(source: ControlSource): string {
  switch (source.type) {
    case 'midi_controller':
      return `cc/${source.controller}`;
    case 'midi_note':
      return `note/${source.note}`;
    case 'midi_bend':
    case 'midi_pressure':
      return source.type;
    case 'osc':
      return `osc:${source.address}`;
    case 'key':
      return `key:${source.key}`;
  }
}

const largestWheel = 16_383;

/** A note's travel is its velocity while it is down, else 0; a wheel at rest stands in the middle. */
function midiTravel([status, first, second]: MidiMessage):
  | { readonly source: ControlSource; readonly position: number }
  | undefined {
  switch (status & 0xf0) {
    case statusOf.controller:
      return { source: { type: 'midi_controller', controller: first }, position: second / largestData };
    case statusOf.noteOn:
      return { source: { type: 'midi_note', note: first }, position: second / largestData };
    case statusOf.noteOff:
      return { source: { type: 'midi_note', note: first }, position: 0 };
    case statusOf.channelAftertouch:
      return { source: { type: 'midi_pressure' }, position: first / largestData };
    case statusOf.pitchBend:
      return { source: { type: 'midi_bend' }, position: wheelPosition(first + second * 128) };
    default:
      return undefined;
  }
}

/** There is one step fewer above the centre than below it. */
function wheelPosition(wheel: number): number {
  const above = wheel - wheelCentre;
  return above <= 0 ? 0.5 + above / (2 * wheelCentre) : 0.5 + above / (2 * (largestWheel - wheelCentre));
}
