// One applied event of a journal as JSON, and back.

import type { TimedControlEvent } from './control-event.js';
import { gateChanges } from './control-event.js';
import { floatText } from './float-text.js';

/** What an event's field holds. `velocity` and the like are 32-bit floats, written so that they come back to the bit. */
type FieldKind = 'float' | 'index' | 'channel' | 'channel_or_all' | 'note' | 'flag' | 'true' | 'gate_change';

interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly isOptional?: true;
}

const channel: Field = { name: 'channel', kind: 'channel' };
const note: Field = { name: 'note', kind: 'note' };
const float = (name: string): Field => ({ name, kind: 'float' });
const index = (name: string): Field => ({ name, kind: 'index' });
const manner: readonly Field[] = [
  { name: 'rate', kind: 'float', isOptional: true },
  { name: 'acceleration', kind: 'float', isOptional: true },
  { name: 'area', kind: 'float', isOptional: true },
  { name: 'actsAtOnce', kind: 'true', isOptional: true },
];

const fieldsOf: Readonly<Record<TimedControlEvent['type'], readonly Field[]>> = {
  note_on: [channel, note, float('velocity')],
  note_off: [channel, note],
  pitch_bend: [channel, float('semitones')],
  note_pressure: [channel, note, float('pressure')],
  channel_pressure: [channel, float('pressure')],
  timbre: [channel, float('timbre')],
  sustain: [channel, { name: 'isDown', kind: 'flag' }],
  all_notes_off: [{ name: 'channel', kind: 'channel_or_all' }],
  set_parameter: [index('node'), index('parameter'), float('value'), ...manner],
  set_edge_gain: [index('edge'), float('value'), ...manner],
  set_gate: [index('gate'), { name: 'change', kind: 'gate_change' }],
  drain_node: [index('node'), { name: 'isDrained', kind: 'flag' }],
  shed_voice: [index('node'), index('voice')],
};

/** The event without its frame, as JSON. Its floats are finite. */
export function eventText(event: TimedControlEvent): string {
  const values = new Map<string, unknown>(Object.entries(event));
  const fields = fieldsOf[event.type].flatMap(({ name, kind }) => {
    const value = values.get(name);
    if (value === undefined) {
      return [];
    }
    const text = kind === 'float' && typeof value === 'number' ? floatText(Math.fround(value)) : JSON.stringify(value);
    return [`,"${name}":${text}`];
  });
  return `{"type":"${event.type}"${fields.join('')}}`;
}

export type EventReading =
  | { readonly ok: true; readonly event: TimedControlEvent }
  | { readonly ok: false; readonly message: string };

/** The event of a parsed JSON object, at its frame; or a sentence that says what is wrong with it. */
export function readEvent(json: unknown, frame: number): EventReading {
  if (!isRecord(json)) {
    return refuse(`found ${JSON.stringify(json)}; an event such as {"type":"note_off","channel":1,"note":60} fits`);
  }
  const { type } = json as { readonly type?: unknown };
  if (!isEventType(type)) {
    return refuse(`an event of type ${JSON.stringify(type)}; ${Object.keys(fieldsOf).join(', ')} fit`);
  }
  const fields = fieldsOf[type];
  for (const { name, kind, isOptional } of fields) {
    const value = json[name];
    const isMissing = value === undefined && isOptional === true;
    if (!isMissing && !isFit(kind, value)) {
      return refuse(`event ${type}: "${name}" is ${JSON.stringify(value)}; ${fitting[kind]} fits`);
    }
  }
  const stranger = Object.keys(json).find((key) => key !== 'type' && !fields.some(({ name }) => name === key));
  if (stranger !== undefined) {
    return refuse(`event ${type}: nobody knows its field "${stranger}"`);
  }
  const values = fields.flatMap(({ name, kind }): [string, unknown][] => {
    const value = json[name];
    return value === undefined ? [] : [[name, kind === 'float' ? Math.fround(Number(value)) : value]];
  });
  // Each field was checked against the event's type above, which the type system cannot follow.
  return { ok: true, event: { ...Object.fromEntries(values), type, frame } as unknown as TimedControlEvent };
}

const fitting: Readonly<Record<FieldKind, string>> = {
  float: 'a number that a 32-bit float holds',
  index: 'a whole number from 0 to 4294967295',
  channel: 'a whole number from 1 to 16',
  channel_or_all: 'a whole number from 1 to 16, or "all"',
  note: 'a whole number from 0 to 127',
  flag: 'true or false',
  true: 'true',
  gate_change: '"close", "open" or "toggle"',
};

function isFit(kind: FieldKind, value: unknown): boolean {
  switch (kind) {
    case 'flag':
      return typeof value === 'boolean';
    case 'true':
      return value === true;
    case 'gate_change':
      return gateChanges.some((change) => change === value);
    case 'float':
      return typeof value === 'number' && Number.isFinite(Math.fround(value));
    case 'index':
      return isWhole(value, 0, 0xffff_ffff);
    case 'note':
      return isWhole(value, 0, 127);
    case 'channel':
      return isWhole(value, 1, 16);
    case 'channel_or_all':
      return value === 'all' || isWhole(value, 1, 16);
  }
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function isRecord(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function isEventType(type: unknown): type is TimedControlEvent['type'] {
  return typeof type === 'string' && Object.hasOwn(fieldsOf, type);
}

function refuse(message: string): EventReading {
  return { ok: false, message };
}
