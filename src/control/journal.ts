// A performance as text, one JSON object a line. It holds all that a stream was given, so the same frames can be made
// again. Pure: text in, journal out; docs/playing.md has the format.

import type { TimedControlEvent } from './control-event.js';
import { eventText, readEvent } from './journal-event.js';

/** The version of the format that this code writes and reads. */
export const journalVersion = 1;

/** What the performance ran with. Block and workers change no bit of the sound. */
export interface JournalHeader {
  /** Version of the engine. */
  readonly engine: string;
  readonly sampleRate: number;
  readonly block: number;
  readonly workers: number;
  readonly channels: number;
  /** Frames by which the output is later than the stream. */
  readonly latency: number;
  readonly seed: number;
}

export interface JournalPlan {
  /** Of the bytes, in hexadecimal; whoever reads a journal from outside compares it. */
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** An event as the engine applied it. */
export interface JournalEvent {
  /** Its frame is the one at which it took effect. */
  readonly event: TimedControlEvent;
  readonly sequence: number;
}

/** How the engine went from one plan to the next; `kind` is the engine's word for it. Times are in seconds. */
export interface JournalHandOver {
  /** The first stream frame of the new plan. */
  readonly frame: number;
  readonly kind: (typeof journalHandOverKinds)[number];
  readonly crossfade: number;
  /** How long the old plan rings, at most. */
  readonly ring: number;
}

/** What was played with one plan. */
export interface JournalSegment {
  readonly plan: JournalPlan;
  /** The line of the plan's bytes, from 1 on. */
  readonly planLine: number;
  /** How its plan took over; nothing in the first segment, which begins at frame 0. */
  readonly handOver?: JournalHandOver;
  /** In the order in which they were applied; frames never fall. Indices are those of the plan. */
  readonly events: readonly JournalEvent[];
}

export interface Journal {
  readonly header: JournalHeader;
  /** In their order. */
  readonly segments: readonly [JournalSegment, ...JournalSegment[]];
  /** Stream frames of the performance; of one that broke off, those that are sure to have been reached. */
  readonly frames: number;
  /** Whether its end was written: nothing broke off. */
  readonly isWhole: boolean;
}

/** `line` counts from 1. */
export interface JournalError {
  readonly line: number;
  readonly message: string;
}

export type JournalDecoding =
  | { readonly ok: true; readonly journal: Journal }
  | { readonly ok: false; readonly error: JournalError };

export const journalHandOverKinds = ['reload', 'after_last_note', 'after_time'] as const;

const versionKey = 'amp-live journal';

export function encodeHeader(header: JournalHeader): string {
  const { engine, sampleRate, block, workers, channels, latency, seed } = header;
  return line({ [versionKey]: journalVersion, engine, sampleRate, block, workers, channels, latency, seed });
}

/** A plan stands in a journal once, before it is first played. */
export function encodePlanLine({ sha256, bytes }: JournalPlan): string {
  return line({ plan: sha256, base64: Buffer.from(bytes).toString('base64') });
}

/** Says that the plan of a hash, which stands before, takes over. */
export function encodeHandOver(sha256: string, { frame, kind, crossfade, ring }: JournalHandOver): string {
  return line({ handOver: sha256, frame, kind, crossfade, ring });
}

/** The event's floats are finite; they are written as the shortest decimals that give the same 32-bit floats back. */
export function encodeEvent({ event, sequence }: JournalEvent): string {
  return `{"f":${event.frame},"s":${sequence},"e":${eventText(event)}}\n`;
}

/** Says that the stream has reached a frame, so that a performance that breaks off is known to have lasted so long. */
export function encodeReached(frame: number): string {
  return line({ reached: frame });
}

/** The last line: the length of the performance. */
export function encodeEnd(frames: number): string {
  return line({ end: frames });
}

function line(json: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(json)}\n`;
}

/**
 * Reads a journal. One that broke off in the middle of a line, at any byte, is read up to the line before, as long as
 * header and plan are there. Never throws.
 */
export function decodeJournal(text: string): JournalDecoding {
  try {
    return { ok: true, journal: readLines(text) };
  } catch (error) {
    if (error instanceof MalformedJournal) {
      return { ok: false, error: { line: error.line, message: error.message } };
    }
    throw error;
  }
}

/** Ends the reading; `decodeJournal` turns it into a value. */
class MalformedJournal extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

type Json = Readonly<Record<string, unknown>>;

function readLines(text: string): Journal {
  const lines = text.split('\n');
  const cutLine = lines.pop() ?? '';
  const [first, second, ...rest] = lines;
  if (first === undefined) {
    const isCutHeader = cutLine.startsWith(`{"${versionKey}"`.slice(0, Math.max(cutLine.length, 1)));
    throw new MalformedJournal(1, isCutHeader ? 'it broke off before its first line was whole' : notJournal);
  }
  const header = readHeader(first);
  if (second === undefined) {
    throw new MalformedJournal(2, 'it broke off before the plan was written; nothing can be played from it');
  }
  const plan = readPlan(parseLine(second, 2), 2);
  const plans = new Map([[plan.sha256, { plan, planLine: 2 }]]);
  let segment: { events: JournalEvent[] } & JournalSegment = { plan, planLine: 2, events: [] };
  const segments: [JournalSegment, ...JournalSegment[]] = [segment];
  let lastFrame: number | undefined;
  let reached = 0;
  let isWhole = false;
  rest.forEach((content, index) => {
    const number = index + 3;
    if (isWhole) {
      throw new MalformedJournal(number, 'more lines after the end of the performance');
    }
    const json = parseLine(content, number);
    const isEnd = Object.hasOwn(json, 'end');
    if (isEnd || Object.hasOwn(json, 'reached')) {
      const frame = wholeNumber(json, isEnd ? 'end' : 'reached', number);
      // An end lies before events that were applied to frames made ahead; nothing else moves back.
      reached = isEnd ? frame : Math.max(reached, frame);
      isWhole = isEnd;
      return;
    }
    if (Object.hasOwn(json, 'plan')) {
      const another = readPlan(json, number);
      plans.set(another.sha256, { plan: another, planLine: number });
      return;
    }
    const isHandOver = Object.hasOwn(json, 'handOver');
    const event = isHandOver ? undefined : readEventLine(json, number);
    const frame = event?.event.frame ?? wholeNumber(json, 'frame', number);
    if (frame < (lastFrame ?? 0)) {
      throw new MalformedJournal(number, `frame ${frame} is before the frame of the line before`);
    }
    lastFrame = frame;
    if (event === undefined) {
      segment = { ...readHandOver(json, frame, number, plans), events: [] };
      segments.push(segment);
    } else {
      segment.events.push(event);
    }
  });
  const frames = isWhole || lastFrame === undefined ? reached : Math.max(reached, lastFrame + 1);
  return { header, segments, frames, isWhole };
}

function readHandOver(
  json: Json,
  frame: number,
  number: number,
  plans: ReadonlyMap<string, { readonly plan: JournalPlan; readonly planLine: number }>,
): Omit<JournalSegment, 'events'> {
  const { handOver: sha256, kind, crossfade, ring } = json as { readonly [name: string]: unknown };
  const found = typeof sha256 === 'string' ? plans.get(sha256) : undefined;
  if (found === undefined) {
    throw new MalformedJournal(
      number,
      `"handOver" is ${JSON.stringify(sha256)}; the hash of a plan that stands before fits`,
    );
  }
  const known = journalHandOverKinds.find((each) => each === kind);
  if (known === undefined) {
    const fitting = journalHandOverKinds.map((each) => `"${each}"`).join(', ');
    throw new MalformedJournal(number, `"kind" is ${JSON.stringify(kind)}; ${fitting} fit`);
  }
  if (!isSeconds(crossfade) || !isSeconds(ring)) {
    throw new MalformedJournal(number, '"crossfade" and "ring" are seconds from 0 on');
  }
  return { ...found, handOver: { frame, kind: known, crossfade, ring } };
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

const notJournal = `expected the first line of a journal, {"${versionKey}":${journalVersion},...}; this is another kind of file`;

function readHeader(content: string): JournalHeader {
  let json: Json;
  try {
    json = parseLine(content, 1);
  } catch (error) {
    throw error instanceof MalformedJournal ? new MalformedJournal(1, notJournal) : error;
  }
  if (!Object.hasOwn(json, versionKey)) {
    throw new MalformedJournal(1, notJournal);
  }
  const version = json[versionKey];
  if (version !== journalVersion) {
    const found = JSON.stringify(version);
    throw new MalformedJournal(1, `a journal of version ${found}; this amp-live reads version ${journalVersion}`);
  }
  const { engine, sampleRate } = json as { readonly engine?: unknown; readonly sampleRate?: unknown };
  if (typeof engine !== 'string') {
    throw new MalformedJournal(1, `"engine" is ${JSON.stringify(engine)}; a version such as "0.1.0" fits`);
  }
  const number = (name: string) => wholeNumber(json, name, 1);
  if (typeof sampleRate !== 'number' || !(sampleRate > 0)) {
    throw new MalformedJournal(1, `"sampleRate" is ${JSON.stringify(sampleRate)}; frames in a second fit`);
  }
  return {
    engine,
    sampleRate,
    block: number('block'),
    workers: number('workers'),
    channels: number('channels'),
    latency: number('latency'),
    seed: number('seed'),
  };
}

function readPlan(json: Json, number: number): JournalPlan {
  const { plan: sha256, base64 } = json as { readonly plan?: unknown; readonly base64?: unknown };
  if (typeof sha256 !== 'string' || typeof base64 !== 'string') {
    throw new MalformedJournal(number, 'expected the plan, {"plan":SHA-256,"base64":...}');
  }
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new MalformedJournal(number, `"plan" is ${JSON.stringify(sha256)}; a SHA-256 of 64 hexadecimal digits fits`);
  }
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    throw new MalformedJournal(number, '"base64" is not base64');
  }
  return { sha256, bytes: new Uint8Array(Buffer.from(base64, 'base64')) };
}

function readEventLine(json: Json, number: number): JournalEvent {
  if (!Object.hasOwn(json, 'e')) {
    const found = Object.keys(json).map((key) => `"${key}"`);
    throw new MalformedJournal(
      number,
      `a line with ${found.join(', ') || 'nothing'}; "f", "s" and "e", "plan" or "handOver" fit`,
    );
  }
  const { e: content } = json as { readonly e?: unknown };
  const reading = readEvent(content, wholeNumber(json, 'f', number));
  if (!reading.ok) {
    throw new MalformedJournal(number, reading.message);
  }
  return { event: reading.event, sequence: wholeNumber(json, 's', number) };
}

function parseLine(content: string, number: number): Json {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    throw new MalformedJournal(number, `expected one JSON object, found ${JSON.stringify(content.slice(0, 40))}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new MalformedJournal(number, `expected one JSON object, found ${JSON.stringify(content.slice(0, 40))}`);
  }
  return json as Json;
}

function wholeNumber(json: Json, name: string, number: number): number {
  const value = json[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) {
    return value;
  }
  throw new MalformedJournal(number, `"${name}" is ${JSON.stringify(value)}; a whole number from 0 on fits`);
}
