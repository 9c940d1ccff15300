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

/** By how much bytes and programs may be late in an emulated machine, in seconds. */
const jitter = 0.06;

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

describe('A MIDI file played on a controller', () => {
  let run: GuestRun;
  let heard: readonly HeardNote[];

  beforeAll(async () => {
    run = await runInGuest({
      name: 'midi-to-sound',
      script: fileURLToPath(new URL('midi-to-sound.sh', import.meta.url)),
      seconds: 120,
      files: { 'patch.jsonc': plainTones, 'notes.mid': scoreFile() },
    });
    heard = hearNotes(run.read('recording.wav'));
  });

  test('leaves amp-live ending well', () => {
    expect(run).toMatchObject({ exitCode: 0 });
  });

  test('sounds with its notes in their order', () => {
    expect(heard.map(({ note }) => Math.round(note))).toEqual(score.map(({ note }) => note));
  });

  test('is in tune within three cents', () => {
    const cents = heard.map(({ note }) => 100 * Math.abs(note - Math.round(note)));
    expect(Math.max(...cents)).toBeLessThan(3);
  });

  test('keeps the time between its notes', () => {
    const late = score.map(({ begin }, index) => (heard[index]?.begin ?? Number.NaN) - begin);
    expect(Math.max(...late) - Math.min(...late)).toBeLessThan(jitter);
  });

  test('holds its notes as long as they are held', () => {
    const off = score.map(({ seconds }, index) => Math.abs((heard[index]?.seconds ?? Number.NaN) - seconds));
    expect(Math.max(...off)).toBeLessThan(jitter);
  });
});
