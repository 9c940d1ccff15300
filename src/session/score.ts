// A MIDI file as the events of a stream.

import type { MidiFile } from '../control/midi-file.js';
import { readMidiFile } from '../control/midi-file.js';
import type { TimedEvent } from '../control/performance-event.js';
import type { StreamEvent } from '../engine/event.js';
import { readAtMost } from './bounded-read.js';
import type { Failed } from './failure.js';
import { failed } from './failure.js';
import { systemReason } from './system-error.js';

export interface Score {
  /** In the order of their frames. */
  readonly events: readonly StreamEvent[];
  /** To the end of the longest track. */
  readonly seconds: number;
}

/** Reads a MIDI file for a stream of that many frames a second. Failures: `unreadable_file`, `invalid_midi_file`. */
export async function loadScore(
  path: string,
  { sampleRate }: { readonly sampleRate: number },
): Promise<{ readonly ok: true; readonly score: Score } | Failed> {
  const loading = await loadMidiFile(path);
  if (!loading.ok) {
    return loading;
  }
  const { events, seconds } = loading.file;
  return { ok: true, score: { events: events.map((event) => atFrame(event, sampleRate)), seconds } };
}

/** Hours of dense music fit. */
const mostBytes = 1 << 26;

/** Reads a MIDI file. Failures: `unreadable_file`, `invalid_midi_file`. */
export async function loadMidiFile(path: string): Promise<{ readonly ok: true; readonly file: MidiFile } | Failed> {
  let bytes: Uint8Array;
  try {
    bytes = await readAtMost(path, mostBytes + 1);
  } catch (error) {
    return failed({ type: 'unreadable_file', path, reason: systemReason(error) });
  }
  if (bytes.length > mostBytes) {
    const message = `the file is longer than ${mostBytes / (1 << 20)} MiB; no MIDI file is`;
    return failed({ type: 'invalid_midi_file', path, offset: mostBytes, message });
  }
  const reading = readMidiFile(bytes);
  return reading.ok ? reading : failed({ type: 'invalid_midi_file', path, ...reading.error });
}

function atFrame({ seconds, ...event }: TimedEvent, sampleRate: number): StreamEvent {
  return { ...event, frame: Math.round(seconds * sampleRate) };
}
