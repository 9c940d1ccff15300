// The guest tells how its case ended, and never stays behind.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeTemporaryFolder } from '../../temporary-folder.js';
import { runInGuest } from '../guest.js';

/** The command lines of all processes that share a folder with a guest. */
function guestsSharing(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((process) => {
      try {
        return readFileSync(`/proc/${process}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        // It has ended meanwhile.
        return '';
      }
    })
    .filter((line) => line.startsWith('qemu') && line.includes(`${folder},`));
}

test('a case that fails gives its exit code and what it printed', async () => {
  const script = makeTemporaryFolder().write('fails.sh', 'echo so far\nfalse || (exit 7)\necho never\n');
  const run = await runInGuest({ name: 'failing', script });
  expect(run.exitCode).toBe(7);
  expect(run.console).toContain('so far\n');
  expect(run.console).not.toContain('never\n');
});

test('idle time of the guest is no time of the host', async () => {
  const script = makeTemporaryFolder().write('sleeps.sh', 'sleep 1000\n');
  expect((await runInGuest({ name: 'sleeping', script })).exitCode).toBe(0);
});

test('a guest that hangs is ended, and no process stays', async () => {
  // The kernel panics and does not boot again.
  const panic = 'echo 0 >/proc/sys/kernel/panic; echo c >/proc/sysrq-trigger\n';
  const script = makeTemporaryFolder().write('hangs.sh', panic);
  const run = await runInGuest({ name: 'hanging', script, seconds: 30 });
  expect(run.exitCode).toBeUndefined();
  expect(run.console).toContain('lab: the guest was ended after 30 s');
  expect(guestsSharing('/build/lab/hanging')).toEqual([]);
});

test('what a case writes beside /run/lab never reaches the host', async () => {
  const folder = makeTemporaryFolder();
  const script = folder.write('writes.sh', `echo here >${folder.path}/written && cat ${folder.path}/written\n`);
  const run = await runInGuest({ name: 'writing', script });
  expect(run.exitCode).toBe(0);
  expect(readdirSync(folder.path)).toEqual(['writes.sh']);
});
