// The card vanishes while it plays, and comes back.

import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { GuestRun } from '../guest.js';
import { runInGuest } from '../guest.js';
import { plainTones } from '../patches.js';
import { hearNotes } from '../recording.js';

const notesOf = (wav: Uint8Array) => hearNotes(wav).map(({ note }) => Math.round(note));

describe('A card that is pulled out while it plays', () => {
  let run: GuestRun;

  beforeAll(async () => {
    run = await runInGuest({
      name: 'card-unplugged',
      script: fileURLToPath(new URL('card-unplugged.sh', import.meta.url)),
      files: { 'patch.jsonc': plainTones },
    });
  });

  test('gives way to the clock, and plays again when it is back', () => {
    expect(run).toMatchObject({ exitCode: 0 });
  });

  test('is given what is played after it came back', () => {
    expect(notesOf(run.read('recording.wav'))).toEqual([72]);
  });

  test('takes nothing from the recording of the performance', () => {
    expect(notesOf(run.read('performance.wav'))).toEqual([69, 72]);
  });
});
