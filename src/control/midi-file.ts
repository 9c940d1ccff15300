// A Standard MIDI File -> timed events. Pure: bytes in, events out.

import type { MidiEvent } from 'midi-file';
import { parseMidi } from 'midi-file';
import type { MidiChunk } from './midi-chunks.js';
import { splitMidiChunks } from './midi-chunks.js';
import type { MidiFileError } from './midi-file-error.js';
import { MalformedMidiFile } from './midi-file-error.js';
import type { MidiMessage } from './midi-message.js';
import { performanceEventOf, statusOf } from './midi-message.js';
import type { TempoChange } from './midi-time.js';
import { makeTickClock } from './midi-time.js';
import type { TimedEvent } from './performance-event.js';

export interface MidiFile {
  /** In the order of time; on one tick in the order of the tracks, then of the file. */
  readonly events: readonly TimedEvent[];
  /** Seconds to the end of the longest track. */
  readonly seconds: number;
}

export type MidiFileReading =
  | { readonly ok: true; readonly file: MidiFile }
  | { readonly ok: false; readonly error: MidiFileError };

/**
 * Reads a file of format 0 or 1, with musical or SMPTE time. Format 2, whose tracks are pieces of their own, is refused.
 * Tempo changes of all tracks make one tempo map. Messages that the engine has no use for are passed over. Never throws.
 */
export function readMidiFile(bytes: Uint8Array): MidiFileReading {
  try {
    return { ok: true, file: readFile(bytes) };
  } catch (error) {
    if (error instanceof MalformedMidiFile) {
      return { ok: false, error: { offset: error.offset, message: error.message } };
    }
    throw error;
  }
}

function readFile(bytes: Uint8Array): MidiFile {
  const { division, tracks } = splitMidiChunks(bytes);
  const placed = tracks.flatMap((track, index) => readTrack(track, index + 1, tracks.length));
  placed.sort((a, b) => a.tick - b.tick);
  const clock = makeTickClock(division, placed.flatMap(tempoChange));
  const end = clock(placed.at(-1)?.tick ?? 0);
  if (Number.isNaN(end)) {
    throw new MalformedMidiFile(0, 'the piece lasts for too many ticks to count them exactly');
  }
  return { events: placed.flatMap((event) => timedEvent(event, clock(event.tick))), seconds: end };
}

interface PlacedEvent {
  readonly event: MidiEvent;
  /** Since the beginning of the piece. */
  readonly tick: number;
}

/** What stands before the only track of a file; `midi-file` reads whole files only. */
const headerOfOneTrack = [0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 0, 0, 1, 0, 96];

function readTrack({ offset, bytes }: MidiChunk, number: number, of: number): readonly PlacedEvent[] {
  const refuse = (message: string, event?: number) => {
    const which = event === undefined ? '' : `, event ${event + 1}`;
    return new MalformedMidiFile(offset, `track ${number} of ${of}${which}: ${message}`);
  };
  const events = parseTrack(bytes, refuse);
  const end = events.findIndex(({ type }) => type === 'endOfTrack');
  if (end < 0) {
    throw refuse('it ends without the event that ends a track, as if it were cut off');
  }
  let tick = 0;
  return events.slice(0, end + 1).map((event, index) => {
    const fault = findFault(event);
    if (fault !== undefined) {
      throw refuse(fault, index);
    }
    tick += event.deltaTime;
    return { event, tick };
  });
}

function parseTrack(bytes: Uint8Array, refuse: (message: string) => MalformedMidiFile): readonly MidiEvent[] {
  const file = new Uint8Array(headerOfOneTrack.length + bytes.length);
  file.set(headerOfOneTrack);
  file.set(bytes, headerOfOneTrack.length);
  try {
    return parseMidi(file).tracks[0] ?? [];
  } catch (error) {
    // `midi-file` throws texts.
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}

/** The largest number that a file can write as a length or a time. */
const largestDelta = 0x0fff_ffff;

/** `midi-file` checks neither that bytes are there nor that data bytes are below 128. */
function findFault(event: MidiEvent): string | undefined {
  const { deltaTime } = event;
  if (!(deltaTime >= 0 && deltaTime <= largestDelta)) {
    return `a time of ${deltaTime} ticks since the event before; 0 to ${largestDelta} fit`;
  }
  if (event.type === 'setTempo' && event.microsecondsPerBeat === 0) {
    return 'a tempo of 0 microseconds a quarter note; 1 to 16777215 fit';
  }
  const bad = channelMessage(event)?.find((byte, index) => index > 0 && !(byte >= 0 && byte <= 127));
  return bad === undefined ? undefined : `${event.type} with a data byte of ${bad}; 0 to 127 fit`;
}

/** The bytes of a channel message; nothing for other events. */
function channelMessage(event: MidiEvent): MidiMessage | undefined {
  switch (event.type) {
    case 'noteOn':
    case 'noteOff':
      return [statusOf[event.type] + event.channel, event.noteNumber, event.velocity];
    case 'noteAftertouch':
      return [statusOf.noteAftertouch + event.channel, event.noteNumber, event.amount];
    case 'controller':
      return [statusOf.controller + event.channel, event.controllerType, event.value];
    case 'programChange':
      return [statusOf.programChange + event.channel, event.programNumber, 0];
    case 'channelAftertouch':
      return [statusOf.channelAftertouch + event.channel, event.amount, 0];
    case 'pitchBend': {
      const wheel = event.value + 8192;
      return [statusOf.pitchBend + event.channel, wheel % 128, Math.floor(wheel / 128)];
    }
    default:
      return undefined;
  }
}

function tempoChange({ event, tick }: PlacedEvent): readonly TempoChange[] {
  return event.type === 'setTempo' ? [{ tick, microsecondsPerQuarter: event.microsecondsPerBeat }] : [];
}

function timedEvent({ event }: PlacedEvent, seconds: number): readonly TimedEvent[] {
  const message = channelMessage(event);
  const gesture = message === undefined ? undefined : performanceEventOf(message);
  return gesture === undefined ? [] : [{ ...gesture, seconds }];
}
