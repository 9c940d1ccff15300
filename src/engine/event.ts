// The timed events that a streamer takes, and how the C API writes them.

import type { EngineFailure } from './error.js';
import { fail } from './error.js';

/** Stream frame at which an event applies; one that is already sealed becomes the next block's first. */
interface Timed {
  readonly frame: number;
}

/** A MIDI channel, 1 to 16. */
interface OnChannel {
  readonly channel: number;
}

/** How a value may move on its way, in its unit a second, a second squared, and times seconds; without one there is no such limit. */
export interface MovementLimits {
  readonly rate?: number;
  readonly acceleration?: number;
  readonly area?: number;
}

/** Whose node, parameter, edge or gate is meant. */
interface OfPlan {
  /** Number of the plan; without one that which plays. If another one plays at the frame, its namesake is meant. */
  readonly plan?: number;
}

/** When something is set: with the material of the event's frame, or while the stream is there, however late the material is. */
export interface ActionTime {
  readonly actsAtOnce?: true;
}

/** What a gate is asked to do. The position in this list is how the C API writes it. */
export const gateChanges = ['close', 'open', 'toggle'] as const;
export type GateChange = (typeof gateChanges)[number];

/** One timed control event. Notes are 0 to 127; velocities, pressures and timbres 0 to 1. */
export type StreamEvent = Timed &
  (
    | (OnChannel & { readonly type: 'note_on'; readonly note: number; readonly velocity: number })
    | (OnChannel & { readonly type: 'note_off'; readonly note: number })
    | (OnChannel & { readonly type: 'pitch_bend'; readonly semitones: number })
    | (OnChannel & { readonly type: 'note_pressure'; readonly note: number; readonly pressure: number })
    | (OnChannel & { readonly type: 'channel_pressure'; readonly pressure: number })
    | (OnChannel & { readonly type: 'timbre'; readonly timbre: number })
    | (OnChannel & { readonly type: 'sustain'; readonly isDown: boolean })
    | { readonly type: 'all_notes_off'; readonly channel: number | 'all' }
    /**
     * Indices of a node (`findNode`) and of a parameter in the node type's declaration; the value is in its unit.
     * Without limits of its own it moves within those of the plan.
     */
    | (MovementLimits &
        OfPlan &
        ActionTime & {
          readonly type: 'set_parameter';
          readonly node: number;
          readonly parameter: number;
          readonly value: number;
        })
    /** Index of an edge in the plan; the value is its gain or depth as a plain number. */
    | (MovementLimits &
        OfPlan &
        ActionTime & { readonly type: 'set_edge_gain'; readonly edge: number; readonly value: number })
    /** Index of a gate in the plan. It changes on its grid; `toggle` is the opposite of what was asked for last. */
    | (OfPlan & { readonly type: 'set_gate'; readonly gate: number; readonly change: GateChange })
    /** Index of a node: whether what enters its component from outside fades away. */
    | (OfPlan & { readonly type: 'drain_node'; readonly node: number; readonly isDrained: boolean })
    /** Index of a keys node, and the number of one of its voices: it fades away within 2 ms, and its note is over. */
    | (OfPlan & { readonly type: 'shed_voice'; readonly node: number; readonly voice: number })
  );

/** Among applied events: from its frame on events act in the plan of that number. */
export interface HandOverEvent extends Timed {
  readonly type: 'hand_over';
  readonly plan: number;
}

/** The fields of an `amp_event`. */
export interface EventFields {
  readonly frame: number;
  readonly kind: number;
  readonly channel: number;
  readonly note: number;
  readonly node: number;
  readonly parameter: number;
  readonly value: number;
  readonly rate: number;
  readonly acceleration: number;
  readonly area: number;
  /** Number of a plan; 0: the one that plays. */
  readonly plan: number;
  readonly atOnce: number;
}

/** `amp_event_kind`. */
const kinds = {
  note_on: 0,
  note_off: 1,
  pitch_bend: 2,
  note_pressure: 3,
  channel_pressure: 3,
  timbre: 4,
  sustain: 5,
  all_notes_off: 6,
  set_parameter: 7,
  set_edge_gain: 8,
  set_gate: 9,
  drain_node: 10,
  shed_voice: 11,
  hand_over: 12,
} as const satisfies Record<(StreamEvent | HandOverEvent)['type'], number>;

/** The note that stands for every note of a channel. */
const everyNote = 255;

const noFields = {
  channel: 0,
  note: 0,
  node: 0,
  parameter: 0,
  value: 0,
  rate: 0,
  acceleration: 0,
  area: 0,
  plan: 0,
  atOnce: 0,
} as const;

/** The event as the C API writes it. */
export function eventFields(event: StreamEvent): EventFields {
  const plan = 'plan' in event ? (event.plan ?? 0) : 0;
  const fields = { ...noFields, frame: event.frame, kind: kinds[event.type], plan };
  switch (event.type) {
    case 'note_on':
      return { ...fields, channel: event.channel, note: event.note, value: event.velocity };
    case 'note_off':
      return { ...fields, channel: event.channel, note: event.note };
    case 'pitch_bend':
      return { ...fields, channel: event.channel, value: event.semitones };
    case 'note_pressure':
      return { ...fields, channel: event.channel, note: event.note, value: event.pressure };
    case 'channel_pressure':
      return { ...fields, channel: event.channel, note: everyNote, value: event.pressure };
    case 'timbre':
      return { ...fields, channel: event.channel, value: event.timbre };
    case 'sustain':
      return { ...fields, channel: event.channel, value: event.isDown ? 1 : 0 };
    case 'all_notes_off':
      return { ...fields, channel: event.channel === 'all' ? 0 : event.channel };
    case 'set_parameter':
      return { ...fields, ...mannerOf(event), node: event.node, parameter: event.parameter, value: event.value };
    case 'set_edge_gain':
      return { ...fields, ...mannerOf(event), node: event.edge, value: event.value };
    case 'set_gate':
      return { ...fields, node: event.gate, value: gateChanges.indexOf(event.change) };
    case 'drain_node':
      return { ...fields, node: event.node, value: event.isDrained ? 1 : 0 };
    case 'shed_voice':
      return { ...fields, node: event.node, parameter: event.voice };
  }
}

/** The C API writes no limit as 0. */
function mannerOf({
  rate = 0,
  acceleration = 0,
  area = 0,
  actsAtOnce = false,
}: MovementLimits & { readonly actsAtOnce?: boolean }) {
  return { rate, acceleration, area, atOnce: actsAtOnce ? 1 : 0 };
}

/**
 * The event that the C API writes so; the inverse of `eventFields` for events that the engine took. What it was applied to
 * belongs to the plan of the hand-over before it, so no plan is told.
 */
export function streamEventOf({
  frame,
  kind,
  channel,
  note,
  node,
  parameter,
  value,
  plan,
  ...manner
}: EventFields): StreamEvent | HandOverEvent {
  switch (kind) {
    case kinds.note_on:
      return { type: 'note_on', frame, channel, note, velocity: value };
    case kinds.note_off:
      return { type: 'note_off', frame, channel, note };
    case kinds.pitch_bend:
      return { type: 'pitch_bend', frame, channel, semitones: value };
    case kinds.note_pressure:
      return note === everyNote
        ? { type: 'channel_pressure', frame, channel, pressure: value }
        : { type: 'note_pressure', frame, channel, note, pressure: value };
    case kinds.timbre:
      return { type: 'timbre', frame, channel, timbre: value };
    case kinds.sustain:
      return { type: 'sustain', frame, channel, isDown: value > 0.5 };
    case kinds.all_notes_off:
      return { type: 'all_notes_off', frame, channel: channel === 0 ? 'all' : channel };
    case kinds.set_parameter:
      return { type: 'set_parameter', frame, node, parameter, value, ...writtenManner(manner) };
    case kinds.set_edge_gain:
      return { type: 'set_edge_gain', frame, edge: node, value, ...writtenManner(manner) };
    case kinds.set_gate:
      return { type: 'set_gate', frame, gate: node, change: gateChanges[value] ?? 'toggle' };
    case kinds.drain_node:
      return { type: 'drain_node', frame, node, isDrained: value > 0.5 };
    case kinds.shed_voice:
      return { type: 'shed_voice', frame, node, voice: parameter };
    case kinds.hand_over:
      return { type: 'hand_over', frame, plan };
    default:
      throw new Error(`the engine applied an event of kind ${kind}, which amp.h does not have`);
  }
}

function writtenManner({
  rate,
  acceleration,
  area,
  atOnce,
}: Pick<EventFields, 'rate' | 'acceleration' | 'area' | 'atOnce'>): MovementLimits & ActionTime {
  return {
    ...(rate > 0 ? { rate } : {}),
    ...(acceleration > 0 ? { acceleration } : {}),
    ...(area > 0 ? { area } : {}),
    ...(atOnce === 0 ? {} : { actsAtOnce: true }),
  };
}

const largest = {
  frame: Number.MAX_SAFE_INTEGER,
  channel: 16,
  note: 127,
  node: 0xffff_ffff,
  parameter: 0xffff_ffff,
  plan: 0xffff_ffff,
} as const;

/** Refuses what the addon would cut to fit an integer of the C API; the C API itself judges the rest. */
export function findUnfitField(type: StreamEvent['type'], fields: EventFields): EngineFailure | undefined {
  for (const name of Object.keys(largest) as (keyof typeof largest)[]) {
    const found = fields[name];
    const isEveryNote = name === 'note' && type === 'channel_pressure';
    if (!isEveryNote && !(Number.isInteger(found) && found >= 0 && found <= largest[name])) {
      return fail('argument', `event ${type}: ${name} ${found}; whole numbers from 0 to ${largest[name]} fit`);
    }
  }
  return undefined;
}
