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

/** A plan, and the stream frame from which it plays. */
export interface JournalPlan {
  readonly frame: number;
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

export interface Journal {
  readonly header: JournalHeader;
  readonly plan: JournalPlan;
  /** In the order in which they were applied; frames never fall. */
  readonly events: readonly JournalEvent[];
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

const versionKey = 'amp-live journal';

export function encodeHeader(header: JournalHeader): string {
  const { engine, sampleRate, block, workers, channels, latency, seed } = header;
  return line({ [versionKey]: journalVersion, engine, sampleRate, block, workers, channels, latency, seed });
}

export function encodePlanLine({ frame, sha256, bytes }: JournalPlan): string {
  return line({ plan: sha256, frame, base64: Buffer.from(bytes).toString('base64') });
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
  const plan = readPlan(second);
  const events: JournalEvent[] = [];
  let reached = plan.frame;
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
    const event = readEventLine(json, number);
    if (event.event.frame < (events.at(-1)?.event.frame ?? plan.frame)) {
      throw new MalformedJournal(number, `frame ${event.event.frame} is before the frame of the line before`);
    }
    events.push(event);
  });
  const lastEvent = events.at(-1)?.event.frame;
  const frames = isWhole || lastEvent === undefined ? reached : Math.max(reached, lastEvent + 1);
  return { header, plan, events, frames, isWhole };
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

function readPlan(content: string): JournalPlan {
  const json = parseLine(content, 2);
  const { plan: sha256, base64 } = json as { readonly plan?: unknown; readonly base64?: unknown };
  if (typeof sha256 !== 'string' || typeof base64 !== 'string') {
    throw new MalformedJournal(2, 'expected the plan, {"plan":SHA-256,"frame":0,"base64":...}');
  }
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new MalformedJournal(2, `"plan" is ${JSON.stringify(sha256)}; a SHA-256 of 64 hexadecimal digits fits`);
  }
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    throw new MalformedJournal(2, '"base64" is not base64');
  }
  return { sha256, frame: wholeNumber(json, 'frame', 2), bytes: new Uint8Array(Buffer.from(base64, 'base64')) };
}

function readEventLine(json: Json, number: number): JournalEvent {
  if (!Object.hasOwn(json, 'e')) {
    const found = Object.keys(json).map((key) => `"${key}"`);
    throw new MalformedJournal(number, `a line with ${found.join(', ') || 'nothing'}; "f", "s" and "e" fit`);
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
