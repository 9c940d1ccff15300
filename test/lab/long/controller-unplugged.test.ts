// A controller vanishes while it holds a note, and comes back.

import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { GuestRun } from '../guest.js';
import { runInGuest } from '../guest.js';
import { plainTones } from '../patches.js';
import type { HeardNote } from '../recording.js';
import { hearNotes } from '../recording.js';

describe('A controller that is pulled out while it holds a note and its pedal', () => {
  let run: GuestRun;
  let heard: readonly HeardNote[];

  beforeAll(async () => {
    run = await runInGuest({
      name: 'controller-unplugged',
      script: fileURLToPath(new URL('controller-unplugged.sh', import.meta.url)),
      files: { 'patch.jsonc': plainTones },
    });
    heard = hearNotes(run.read('recording.wav'));
  });

  test('leaves amp-live ending well', () => {
    expect(run).toMatchObject({ exitCode: 0 });
  });

  test('sounded until it was gone', () => {
    expect(heard[0]?.seconds).toBeGreaterThan(1.9);
  });

  test('leaves no note hanging', () => {
    expect(heard[0]?.seconds).toBeLessThan(4);
  });

  test('plays again when it is back, without the pedal that it had', () => {
    expect(heard).toHaveLength(2);
    expect(heard[1]?.note).toBeCloseTo(72, 1);
    expect(Math.abs((heard[1]?.seconds ?? 0) - 1)).toBeLessThan(0.2);
  });
});
