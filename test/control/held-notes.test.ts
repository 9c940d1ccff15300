import { expect, test } from 'vitest';
import { HeldNotes } from '../../src/control/held-notes.js';

const on = (note: number, channel = 1) => ({ type: 'note_on', channel, note, velocity: 1 }) as const;
const off = (note: number, channel = 1) => ({ type: 'note_off', channel, note }) as const;

test('a source lets go of the notes that it holds', () => {
  const held = new HeldNotes();
  for (const event of [on(60), on(64, 2), on(67), off(67)]) {
    held.add('a', event);
  }
  expect(held.release('a')).toEqual([off(60), off(64, 2)]);
});

test('a source lets go of pedals, wheels and pressures', () => {
  const held = new HeldNotes();
  held.add('a', { type: 'sustain', channel: 3, isDown: true });
  held.add('a', { type: 'pitch_bend', channel: 1, semitones: -0.5 });
  held.add('a', { type: 'channel_pressure', channel: 1, pressure: 0.3 });
  expect(held.release('a')).toEqual([
    { type: 'sustain', channel: 3, isDown: false },
    { type: 'pitch_bend', channel: 1, semitones: 0 },
    { type: 'channel_pressure', channel: 1, pressure: 0 },
  ]);
});

test('what is at rest again is left alone', () => {
  const held = new HeldNotes();
  held.add('a', { type: 'sustain', channel: 3, isDown: true });
  held.add('a', { type: 'sustain', channel: 3, isDown: false });
  expect(held.release('a')).toEqual([]);
});

test('what another source holds as well stays', () => {
  const held = new HeldNotes();
  held.add('a', on(60));
  held.add('b', on(60));
  expect(held.release('a')).toEqual([]);
});

test('a source that was released holds nothing', () => {
  const held = new HeldNotes();
  held.add('a', on(60));
  held.release('a');
  expect(held.release('a')).toEqual([]);
});

test('after all notes are off nobody holds one on the channel', () => {
  const held = new HeldNotes();
  held.add('a', on(60));
  held.add('b', on(61, 2));
  held.add('a', { type: 'all_notes_off', channel: 1 });
  expect([held.count, held.release('a')]).toEqual([1, []]);
});

test('notes are counted over all sources', () => {
  const held = new HeldNotes();
  held.add('a', on(60));
  held.add('b', on(61));
  held.add('b', on(62));
  held.add('b', off(61));
  expect(held.count).toBe(2);
});
