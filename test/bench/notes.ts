// The notes of w6 as our programs read them: a line each for the engine alone, a MIDI file for `amp-live render`.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MidiEvent } from 'midi-file';
import { writeMidi } from 'midi-file';
import { each, noteEvery, noteKey, noteLength, noteRamp, notesSounding, sampleRate } from './numbers.js';
import type { NotePieceId } from './workloads.js';

interface Note {
  readonly key: number;
  /** In frames. */
  readonly begin: number;
  /** Until the key is released; the sound ends a little later. */
  readonly length: number;
}

/** All notes of a piece that lasts so many frames; those that are held end after it. */
function notesOf(piece: NotePieceId, frames: number): readonly Note[] {
  if (piece === 'w6-held') {
    return each(notesSounding, (index) => ({ key: noteKey(index), begin: 0, length: frames + sampleRate }));
  }
  const count = Math.max(0, Math.floor((frames - noteLength) / noteEvery));
  return each(count, (index) => ({
    key: noteKey(index),
    begin: index * noteEvery,
    length: noteLength - noteRamp * sampleRate,
  }));
}

/** Writes the notes for the engine alone; gives the path. */
export function writeNoteLines(piece: NotePieceId, frames: number, folder: string): string {
  const path = join(folder, `${piece}-${frames}.notes`);
  const lines = notesOf(piece, frames).map(({ key, begin, length }) => `${key}:${begin}:${length}\n`);
  writeFileSync(path, lines.join(''));
  return path;
}

/** Writes the notes as a MIDI file with a millisecond a tick; gives the path. */
export function writeNoteMidi(piece: NotePieceId, frames: number, folder: string): string {
  const path = join(folder, `${piece}-${frames}.mid`);
  const track = [
    ...tempo,
    ...inTurn(notesOf(piece, frames)),
    { deltaTime: 0, type: 'endOfTrack', meta: true } as const,
  ];
  const header = { format: 0, numTracks: 1, ticksPerBeat } as const;
  writeFileSync(path, Uint8Array.from(writeMidi({ header, tracks: [track] })));
  return path;
}

const ticksPerBeat = 1000;
const tempo: readonly MidiEvent[] = [
  { deltaTime: 0, type: 'setTempo', meta: true, microsecondsPerBeat: ticksPerBeat * 1000 },
];

/** Begins and ends in the order of their times. */
function inTurn(notes: readonly Note[]): readonly MidiEvent[] {
  const tick = (frame: number): number => Math.round((frame / sampleRate) * 1000);
  const timed = notes
    .flatMap(({ key, begin, length }) => [
      { at: tick(begin), type: 'noteOn' as const, noteNumber: key, velocity: 100 },
      { at: tick(begin + length), type: 'noteOff' as const, noteNumber: key, velocity: 0 },
    ])
    .toSorted((a, b) => a.at - b.at);
  return timed.map(({ at, ...event }, index) => {
    return { deltaTime: at - (timed[index - 1]?.at ?? 0), channel: 0, ...event };
  });
}
