import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readMidiFile } from '../../src/control/midi-file.js';
import { inRepository } from './patch-files.js';
import { writeScores } from './scores.mjs';

const scores = Object.entries(writeScores());

describe('The MIDI files of patches/', () => {
  test('are those that scores.mjs writes', () => {
    const files = readdirSync(inRepository('patches')).filter((name) => name.endsWith('.mid'));
    expect(files.sort()).toEqual(scores.map(([name]) => name));
  });

  test.each(scores)('%s holds the bytes of its score', (name, bytes) => {
    const file = new Uint8Array(readFileSync(inRepository(`patches/${name}`)));
    expect(Buffer.from(file).equals(bytes), `node test/acceptance/scores.mjs writes ${name} anew`).toBe(true);
  });

  test.each(scores)('%s is read without a fault, and every note in it ends', (_, bytes) => {
    const reading = readMidiFile(bytes);
    const held = new Map<number, number>();
    for (const event of reading.ok ? reading.file.events : []) {
      if (event.type === 'note_on' || event.type === 'note_off') {
        held.set(event.note, (held.get(event.note) ?? 0) + (event.type === 'note_on' ? 1 : -1));
      }
    }
    expect(held.size).toBeGreaterThan(4);
    expect([...held.values()].every((count) => count === 0)).toBe(true);
  });
});
