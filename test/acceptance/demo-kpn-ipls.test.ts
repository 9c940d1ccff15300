// What patches/demo_kpn_ipls.jsonc says about itself.

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PlanDescription } from '../../src/plan/describe.js';
import type { Signal } from '../measure/level.js';
import { rms } from '../measure/level.js';
import { powerBetween } from '../measure/spectrum.js';
import type { Sound } from '../measure/wav.js';
import { perform } from '../session/performing.js';
import { renderAsItSays, renderCommandOf, runAmpLive, runCommand, withTemporaryFile } from './commands.js';
import { inRepository } from './patch-files.js';
import { sampleRate, samplesOf } from './rendering.js';

const patch = 'patches/demo_kpn_ipls.jsonc';

/** The file that the demo's command writes, with more words. */
function fileWith(...words: readonly string[]): Buffer {
  const command = renderCommandOf(patch);
  const output = command.indexOf('-o') + 1;
  return withTemporaryFile('rendered.wav', (path) => {
    const { exitCode, errors } = runCommand([
      ...command.map((word, index) => (index === output ? path : word)),
      ...words,
    ]);
    if (exitCode !== 0) {
      throw new Error(errors);
    }
    return readFileSync(path);
  });
}

describe('The demo of a schedule', () => {
  let sound: Sound;
  let plan: PlanDescription;

  beforeAll(() => {
    sound = renderAsItSays(patch);
    plan = JSON.parse(runAmpLive('plan', patch, '--json').output);
  });

  test('writes the same file in the order of readiness, with any workers', () => {
    const planned = fileWith();
    expect(fileWith('--schedule', 'kpn').equals(planned)).toBe(true);
    expect(fileWith('--workers', '2', '--block', '100').equals(planned)).toBe(true);
  });

  test('runs the saws, the filters and the pans each as one, and the row of filters as a chain', () => {
    const runs = (plan.schedule ?? []).flatMap(({ cohorts }) => cohorts.flatMap(({ fused }) => fused ?? []));
    expect(runs.map(({ kind, nodes }) => `${nodes[0]} ${kind} ${nodes.length}`).sort()).toEqual([
      'low_0 lanes 16',
      'place_0 lanes 16',
      'saw_0 lanes 16',
      'soft_0 chain 8',
    ]);
  });

  test('gathers nothing', () => {
    expect(plan.scheduleTotals).toMatchObject({ nodes: 58, fusedNodes: 56, gathers: 0, addedBlocks: 1 });
  });

  test('is heard a block later when it plays, as the status shows', async () => {
    const text = readFileSync(inRepository(patch), 'utf8');
    const delayOf = async (schedule: 'kpn' | undefined): Promise<number> => {
      const performing = await perform(text, { schedule: schedule && { type: schedule } });
      const status = await performing.until('frames', ({ frame }) => frame > 9600);
      await performing.end();
      return status.latency.engine;
    };
    const added = (await delayOf(undefined)) - (await delayOf('kpn'));
    expect(added * sampleRate).toBeCloseTo(64, 6);
  });

  test('is a broad, still chord in A', () => {
    const [left, right] = [0, 1].map((channel) => samplesOf(sound, channel, sampleRate, sampleRate + 2 ** 17)) as [
      Signal,
      Signal,
    ];
    for (const side of [left, right]) {
      expect(powerBetween(side, 108, 112, sampleRate)).toBeGreaterThan(10 * powerBetween(side, 115, 155, sampleRate));
    }
    const levels = [0, 1, 2, 3].map((half) =>
      rms(left.subarray((half * sampleRate) / 2, ((half + 1) * sampleRate) / 2)),
    );
    expect(Math.max(...levels) / Math.min(...levels)).toBeLessThan(1.5);
  });
});
