// How often the processor slowed itself down because of heat, where Linux counts it below /sys.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const counters = ['core_throttle_count', 'package_throttle_count'] as const;

/**
 * Events of all cores and packages since the machine was started; a package's may be counted at each of its cores.
 * Nothing where the processor or its driver does not count. `root` is where /sys stands.
 */
export async function readThrottleCount(root = '/sys'): Promise<number | undefined> {
  const folder = join(root, 'devices', 'system', 'cpu');
  const processors = (await readdir(folder).catch(() => [])).filter((name) => /^cpu\d+$/.test(name));
  const texts = await Promise.all(
    processors.flatMap((processor) =>
      counters.map((counter) => readFile(join(folder, processor, 'thermal_throttle', counter), 'utf8').catch(() => '')),
    ),
  );
  const counts = texts.map((text) => text.trim()).filter((text) => /^\d+$/.test(text));
  return counts.length === 0 ? undefined : counts.reduce((sum, text) => sum + Number(text), 0);
}
