import { readFileSync } from 'node:fs';
import { parseMidi } from 'midi-file';
import { expect, test } from 'vitest';
import { writeNoteLines, writeNoteMidi } from '../bench/notes.js';
import { makeTemporaryFolder } from '../temporary-folder.js';

const second = 48_000;

/** Begins and ends of the lines for the engine, in milliseconds. */
function times(lines: string): readonly (readonly number[])[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => line.split(':').map(Number))
    .map(([key = 0, begin = 0, length = 0]) => [key, begin / 48, (begin + length) / 48]);
}

test('the notes of w6 follow each other by 5 ms, and none has a key that is down', () => {
  const notes = times(readFileSync(writeNoteLines('w6', second, makeTemporaryFolder().path), 'utf8'));
  expect(notes).toHaveLength(180);
  const down = new Map<number, number>();
  for (const [index, [key = 0, begin = 0, end = 0]] of notes.entries()) {
    expect(begin).toBe(index * 5);
    expect(down.get(key) ?? 0).toBeLessThanOrEqual(begin);
    down.set(key, end);
  }
});

test('the MIDI file has the same notes at the same times', () => {
  const folder = makeTemporaryFolder().path;
  const lines = times(readFileSync(writeNoteLines('w6', second, folder), 'utf8'));
  const { header, tracks } = parseMidi(readFileSync(writeNoteMidi('w6', second, folder)));
  expect(header.ticksPerBeat).toBe(1000);
  let now = 0;
  const began = new Map<number, number>();
  const notes: number[][] = [];
  for (const event of tracks[0] ?? []) {
    now += event.deltaTime;
    if (event.type === 'noteOn') {
      began.set(event.noteNumber, now);
    } else if (event.type === 'noteOff') {
      notes.push([event.noteNumber, began.get(event.noteNumber) ?? -1, now]);
    }
  }
  expect(notes).toEqual(lines);
});

test('held notes begin at once and outlast the piece', () => {
  const notes = times(readFileSync(writeNoteLines('w6-held', second, makeTemporaryFolder().path), 'utf8'));
  expect(notes).toHaveLength(20);
  expect(notes.every(([, begin = 1, end = 0]) => begin === 0 && end > 1000)).toBe(true);
});
