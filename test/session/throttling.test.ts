import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { readThrottleCount } from '../../src/session/throttling.js';
import { makeTemporaryFolder } from '../temporary-folder.js';

test('throttling of all processors is counted together', async () => {
  const folder = makeTemporaryFolder();
  const counts = { 'cpu0/thermal_throttle/core_throttle_count': 2, 'cpu1/thermal_throttle/package_throttle_count': 5 };
  for (const [path, count] of Object.entries(counts)) {
    const file = `devices/system/cpu/${path}`;
    mkdirSync(dirname(folder.at(file)), { recursive: true });
    folder.write(file, `${count}\n`);
  }
  expect(await readThrottleCount(folder.path)).toBe(7);
});

test('a machine that does not count throttling has no count, rather than none that happened', async () => {
  const folder = makeTemporaryFolder();
  mkdirSync(folder.at('devices/system/cpu/cpu0/cpufreq'), { recursive: true });
  expect(await readThrottleCount(folder.path)).toBeUndefined();
});
