// aplaymidi plays on a controller, and the notes are looked for in what the sound card was given.

import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { midiFile } from '../../control/midi-bytes.js';
import type { GuestRun } from '../guest.js';
import { runInGuest } from '../guest.js';
import { plainTones } from '../patches.js';
import type { HeardNote } from '../recording.js';
import { hearNotes } from '../recording.js';

/** In seconds: when it begins, and for how long it is held. No two sound at once. */
const score = [
  { note: 60, begin: 0.5, seconds: 0.4 },
  { note: 67, begin: 1.0, seconds: 0.4 },
  { note: 64, begin: 1.5, seconds: 0.2 },
  { note: 45, begin: 1.9, seconds: 0.6 },
  { note: 81, begin: 2.7, seconds: 0.2 },
  { note: 57, begin: 3.15, seconds: 0.4 },
] as const;

/** By how much bytes and programs may be late, in seconds. */
const jitter = 0.005;

/** A MIDI file whose ticks are milliseconds. */
function scoreFile(): Uint8Array {
  const messages = score
    .flatMap(({ note, begin, seconds }) => [
      { tick: 1000 * begin, bytes: [0x90, note, 100] },
      { tick: 1000 * (begin + seconds), bytes: [0x80, note, 0] },
    ])
    .sort((a, b) => a.tick - b.tick);
  const track = messages.map(({ tick, bytes }, index) => {
    return [Math.round(tick - (messages[index - 1]?.tick ?? 0)), ...bytes] as const;
  });
  return midiFile({ division: 500, tracks: [track] });
}

let run: GuestRun;
/** First all notes of the controller, then all that came without it. */
let heard: readonly HeardNote[];

beforeAll(async () => {
  run = await runInGuest({
    name: 'midi-to-sound',
    script: fileURLToPath(new URL('midi-to-sound.sh', import.meta.url)),
    files: { 'patch.jsonc': plainTones, 'notes.mid': scoreFile() },
  });
  heard = hearNotes(run.read('recording.wav'));
});

test('amp-live ends well after it was played', () => {
  expect(run).toMatchObject({ exitCode: 0 });
});

describe.each([
  { way: 'on a controller', first: 0 },
  { way: 'to the port that amp-live offers', first: score.length },
])('A MIDI file played $way', ({ first }) => {
  const notes = () => heard.slice(first, first + score.length);

  test('sounds with its notes in their order', () => {
    expect(notes().map(({ note }) => Math.round(note))).toEqual(score.map(({ note }) => note));
  });

  test('is in tune within three cents', () => {
    const cents = score.map(({ note }, index) => 100 * Math.abs((notes()[index]?.note ?? Number.NaN) - note));
    expect(Math.max(...cents)).toBeLessThan(3);
  });

  test('keeps the time between its notes', () => {
    const late = score.map(({ begin }, index) => (notes()[index]?.begin ?? Number.NaN) - begin);
    expect(Math.max(...late) - Math.min(...late)).toBeLessThan(jitter);
  });

  test('holds its notes as long as they are held', () => {
    const off = score.map(({ seconds }, index) => Math.abs((notes()[index]?.seconds ?? Number.NaN) - seconds));
    expect(Math.max(...off)).toBeLessThan(jitter);
  });
});

test('no frame is missing', () => {
  const lines = run.read('status.jsonl').toString().trim().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'summary', xruns: { total: 0 }, lostEvents: 0 });
});

test('nothing sounds that was not played', () => {
  expect(heard).toHaveLength(2 * score.length);
});
