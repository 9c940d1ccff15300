// Where everything meets that a performer plays: MIDI ports, OSC, computer keys and the MIDI file become events of the stream.

import type { BoundMovement } from '../../control/bindings.js';
import { Bindings } from '../../control/bindings.js';
import type { ControlEvent } from '../../control/control-event.js';
import { firstGridFrame } from '../../control/grid.js';
import { HeldNotes } from '../../control/held-notes.js';
import { ComputerKeys } from '../../control/keys.js';
import type { MidiFile } from '../../control/midi-file.js';
import type { MidiMessage } from '../../control/midi-message.js';
import { performanceEventOf } from '../../control/midi-message.js';
import { MidiPlayer } from '../../control/midi-player.js';
import { describeMidiMessage } from '../../control/midi-words.js';
import type { CommandTime, OscCommand, Tail } from '../../control/osc/command.js';
import type { Performing } from '../../control/osc/osc-server.js';
import type { PatchContent } from '../../patch/patch-content.js';
import { BoundPositions } from './bound-positions.js';
import type { PlayerStatus } from './control-status.js';
import type { EventTarget, Posting } from './event-poster.js';
import { EventPoster } from './event-poster.js';

/** A patch whose plan plays. */
export interface PlayedPatch {
  readonly patch: PatchContent;
  /** Number of the plan. */
  readonly plan: number;
}

export interface ControlDeskOptions extends PlayedPatch {
  /** Frames a second. */
  readonly sampleRate: number;
  readonly streamer: EventTarget;
  /** Plays until the first live note. */
  readonly file?: MidiFile | undefined;
  readonly loop: boolean;
  /** Puts another patch in the place of this one, not before `frame`. */
  readonly changePatch: (wish: PatchWish) => Performing;
}

export interface PatchWish {
  readonly path: string;
  /** What the old plan does; without one what the performance was started with. */
  readonly tail?: Tail | undefined;
  readonly frame: number;
}

/** The player posts so many seconds ahead: longer than this thread is ever kept from running. */
const ahead = 0.1;

const channels = Array.from({ length: 16 }, (_, index) => index + 1);

const nanosecondsPerMillisecond = 1e6;

/** Times are nanoseconds of CLOCK_MONOTONIC. */
export class ControlDesk {
  #patch: PatchContent;
  readonly #sampleRate: number;
  readonly #poster: EventPoster;
  #bindings: Bindings;
  readonly #boundPositions = new BoundPositions();
  readonly #keys: ComputerKeys;
  readonly #player: MidiPlayer | undefined;
  readonly #changePatch: ControlDeskOptions['changePatch'];
  readonly #held = new HeldNotes();
  #lastMessage: string | undefined;

  constructor({ patch, plan, sampleRate, streamer, file, loop, changePatch }: ControlDeskOptions) {
    this.#changePatch = changePatch;
    this.#patch = patch;
    this.#sampleRate = sampleRate;
    this.#poster = new EventPoster(streamer, plan);
    this.#bindings = new Bindings(patch, { sampleRate });
    this.#keys = new ComputerKeys(channelOfKeys(patch));
    this.#player = file === undefined ? undefined : new MidiPlayer(file, { sampleRate, isLooping: loop });
  }

  /**
   * The plan of another patch has taken over: controls, gates and keys mean what that one says. `carriesOn`: what both have goes
   * on, and so a key that goes to and fro does.
   */
  change({ patch, plan }: PlayedPatch, { carriesOn }: { readonly carriesOn: boolean }): void {
    const bindings = new Bindings(patch, { sampleRate: this.#sampleRate });
    if (carriesOn) {
      bindings.goOnFrom(this.#bindings);
    }
    this.#patch = patch;
    this.#bindings = bindings;
    this.#poster.changePlan(plan);
    this.#keys.playOn(channelOfKeys(patch));
  }

  /** The frame for something that arrived at a time. */
  frameOf(arrival: bigint): number {
    return this.#poster.frameOf(arrival);
  }

  /** OSC addresses that the patch binds. */
  get oscAddresses(): readonly string[] {
    return this.#bindings.oscAddresses;
  }

  /** The last MIDI message, in words. */
  get lastMessage(): string | undefined {
    return this.#lastMessage;
  }

  /** Notes that are down. */
  get heldNotes(): number {
    return this.#held.count;
  }

  /** Of the MIDI file, if there is one. */
  player(now: bigint): Omit<PlayerStatus, 'path'> | undefined {
    const player = this.#player;
    if (player === undefined) {
      return undefined;
    }
    const { state, isLooping, length } = player;
    return { state, isLooping, seconds: player.secondsAt(this.#poster.frameOf(now)), length };
  }

  /** A message of a MIDI port. */
  midi(port: string, message: MidiMessage, arrival: bigint): void {
    this.#lastMessage = describeMidiMessage(message);
    const source = `midi ${port}`;
    const bound = this.#bindings.midi(message);
    const event = performanceEventOf(message);
    const frame = this.#poster.frameInLine(source, arrival);
    if (bound !== undefined) {
      this.#boundPositions.add(port, message);
      this.#move(bound, frame);
    }
    // A patch that came while a note was down may have bound its key: the note ends all the same.
    if (event !== undefined && (bound === undefined || this.#held.isLetGoBy(source, event))) {
      this.#play(source, event, frame);
    }
  }

  /** A MIDI port is gone: lets go of what it holds. */
  portLost(port: string, now: bigint): void {
    const source = `midi ${port}`;
    const frame = this.#poster.frameInLine(source, now);
    for (const event of this.#held.release(source)) {
      this.#poster.post(event, frame);
    }
    for (const message of this.#boundPositions.release(port)) {
      const bound = this.#bindings.midi(message);
      if (bound !== undefined) {
        this.#move(bound, frame);
      }
    }
  }

  /** A key of the computer: a control of the patch, or a note. */
  key(name: string, arrival: bigint): void {
    const frame = this.#poster.frameInLine('keys', arrival);
    const bound = this.#bindings.key(name);
    if (bound !== undefined) {
      this.#move(bound, frame);
      return;
    }
    for (const event of this.#keys.press(name, Number(arrival) / nanosecondsPerMillisecond)) {
      this.#play('keys', event, frame);
    }
  }

  /** A command that came by OSC. */
  command(command: OscCommand, time: CommandTime): Performing {
    // What says its own time keeps it, whatever came before; what does not keeps the order in which it came.
    const named = time.datagram.frameAt(time.nanoseconds, this.#sampleRate, (at) => this.#poster.frameOf(at));
    const frame = time.type === 'due' ? named : this.#poster.inLine('osc', named);
    switch (command.type) {
      case 'set_parameter':
        return this.#setParameter(command, frame);
      case 'note': {
        const { channel, note, velocity } = command;
        const event: ControlEvent =
          velocity > 0 ? { type: 'note_on', channel, note, velocity } : { type: 'note_off', channel, note };
        return performed([this.#play('osc', event, frame)]);
      }
      case 'control': {
        const bound = this.#bindings.osc(command.address, command.value);
        if (bound === undefined) {
          return { ok: false, message: `no control of the patch is bound to osc:${command.address}` };
        }
        return performed(this.#move(bound, frame), this.#waitOf(bound.events));
      }
      case 'gate':
        return this.#setGate(command, frame);
      case 'panic':
        return performed(this.panic(time.nanoseconds));
      case 'patch':
        return this.#changePatch({ path: command.path, tail: command.tail, frame });
    }
  }

  /** Releases every note and pedal, and stops the MIDI file. */
  panic(arrival: bigint): readonly Posting[] {
    const frame = this.#poster.frameOf(arrival);
    this.#stopPlayer(frame);
    this.#keys.forget();
    // What was posted ahead of its time is released where it begins.
    const frames = [...new Set([frame, Math.max(frame, this.#poster.latestFrame)])];
    return frames.flatMap((at) => {
      const pedals = channels.map((channel) => this.#send('panic', { type: 'sustain', channel, isDown: false }, at));
      return [...pedals, this.#send('panic', { type: 'all_notes_off', channel: 'all' }, at)];
    });
  }

  /** To be called every few milliseconds: plays the MIDI file, and ends computer keys that nobody holds. */
  tick(now: bigint): void {
    this.#poster.retry();
    const ended = this.#keys.expire(Number(now) / nanosecondsPerMillisecond);
    if (ended.length > 0) {
      const frame = this.#poster.frameInLine('keys', now);
      for (const event of ended) {
        this.#play('keys', event, frame);
      }
    }
    const frame = this.#poster.frameOf(now);
    this.#player?.play(frame, frame + Math.round(ahead * this.#sampleRate), ({ frame: at, ...event }) => {
      return this.#send('player', event, at).ok;
    });
  }

  /** Somebody plays by hand; the first note ends the MIDI file. */
  #play(source: string, event: ControlEvent, frame: number): Posting {
    if (event.type === 'note_on') {
      this.#stopPlayer(frame);
    }
    const isNote = event.type === 'note_on' || event.type === 'note_off';
    const clear = isNote ? this.#player?.clearFrame(event.channel, event.note, frame) : undefined;
    return this.#send(source, event, clear ?? frame);
  }

  #stopPlayer(frame: number): void {
    for (const { frame: at, ...event } of this.#player?.stop(frame) ?? []) {
      this.#poster.post(event, at);
    }
    this.#held.release('player');
  }

  #send(source: string, event: ControlEvent, frame: number): Posting {
    const posting = this.#poster.post(event, frame);
    if (posting.ok) {
      this.#held.add(source, event);
    }
    return posting;
  }

  #move({ events }: BoundMovement, frame: number): readonly Posting[] {
    return events.map((event) => this.#poster.post(event, frame));
  }

  #setParameter(command: Extract<OscCommand, { readonly type: 'set_parameter' }>, frame: number): Performing {
    const node = this.#patch.nodes.findIndex(({ id }) => id === command.node);
    const parameters = this.#patch.nodes[node]?.type.parameters ?? [];
    const parameter = parameters.findIndex(({ name }) => name === command.parameter);
    if (parameter < 0) {
      return { ok: false, message: `the patch has no parameter "${command.node}.${command.parameter}"` };
    }
    return performed([this.#poster.post({ type: 'set_parameter', node, parameter, value: command.value }, frame)]);
  }

  #setGate({ gate: id, isOpen }: Extract<OscCommand, { readonly type: 'gate' }>, frame: number): Performing {
    const gate = this.#patch.gates.findIndex((each) => each.id === id);
    if (gate < 0) {
      return { ok: false, message: `the patch has no gate "${id}"` };
    }
    const event: ControlEvent = { type: 'set_gate', gate, change: isOpen ? 'open' : 'close' };
    return performed([this.#poster.post(event, frame)], this.#waitOf([event]));
  }

  /** Tells, of the frame at which events acted, which gates among them wait for their grids, and until when. */
  #waitOf(events: readonly ControlEvent[]): (frame: number) => string | undefined {
    const { tempo, meter, gates } = this.#patch;
    const timing = { rate: this.#sampleRate, tempo, meter };
    return (frame) => {
      const waiting = events.flatMap((event) => {
        const gate = event.type === 'set_gate' ? gates[event.gate] : undefined;
        const change = gate === undefined ? frame : firstGridFrame(gate.quantize, timing, frame);
        return gate === undefined || change === frame
          ? []
          : [`gate "${gate.id}" changes on its grid, at frame ${change}`];
      });
      return waiting.length === 0 ? undefined : waiting.join('; ');
    };
  }
}

/** The first failure speaks for all. */
function performed(postings: readonly Posting[], explain?: (frame: number) => string | undefined): Performing {
  const failure = postings.find((posting) => !posting.ok);
  return failure !== undefined && !failure.ok
    ? { ok: false, message: failure.message }
    : {
        ok: true,
        sequences: postings.flatMap((posting) => (posting.ok ? [posting.sequence] : [])),
        ...(explain === undefined ? {} : { explain }),
      };
}

/** The computer's keys play the first keys node; one that hears every channel hears the first. */
function channelOfKeys(patch: PatchContent): number {
  const channel = patch.nodes.find(({ type }) => type.shape === 'voices')?.options.get('channel') ?? 0;
  return channel === 0 ? 1 : channel;
}
