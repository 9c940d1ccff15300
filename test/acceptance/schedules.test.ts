// A schedule changes no bit: any patch sounds the same in the order of readiness and under what the planner makes of it.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPatch } from '../../src/patch/read.js';
import type { ScheduleReplacement } from '../../src/patch/read-schedule.js';
import { encodePlan } from '../../src/plan/binary/encode.js';
import { compilePlan } from '../../src/plan/compile.js';
import { anyPatchText } from '../plan/random-patch.js';
import { fingerprint } from './fingerprint.js';

const kpn = { type: 'kpn' } as const;
const ipls = { type: 'ipls', partialLatency: 0 } as const;

/** What a plan gives; nothing where the graph cannot run. */
async function soundOf(
  text: string,
  schedule: ScheduleReplacement,
  { block, workers }: { readonly block: number; readonly workers: number },
): Promise<string | undefined> {
  const reading = readPatch(text, 'p.jsonc', schedule);
  if (!reading.ok) {
    throw new Error(JSON.stringify(reading.diagnostics));
  }
  const result = compilePlan(reading.patch, { sampleRate: 48_000 });
  return result.ok
    ? fingerprint({ plan: encodePlan(result.plan), events: [], frames: 2000 }, { block, workers })
    : undefined;
}

describe('the schedule of the planner', () => {
  test('changes no bit of any patch', { timeout: 120_000 }, async () => {
    const cut = fc.record({ block: fc.constantFrom(1, 64, 100, 1024), workers: fc.constantFrom(1, 3) });
    let heard = 0;
    await fc.assert(
      fc.asyncProperty(anyPatchText, cut, async (text, cuts) => {
        const expected = await soundOf(text, kpn, { block: 64, workers: 1 });
        expect(await soundOf(text, ipls, cuts)).toBe(expected);
        heard += expected === undefined ? 0 : 1;
      }),
      { numRuns: 60 },
    );
    expect(heard).toBeGreaterThan(30);
  });

  const links = [0, 1, 2, 3, 4, 5, 6, 7].map((index) => `f${index}`);
  const row = [{ from: 'hiss', to: 'f0' }, ...links.map((from, index) => ({ from, to: links[index + 1] ?? 'out' }))];

  test.each<[string, readonly object[]]>([
    ['alone', []],
    ['whose first link is moved', [{ from: 'sway', to: 'f0.cutoff', depth: 300 }]],
    ['one of whose links is moved', [{ from: 'sway', to: 'f3.cutoff', depth: 300 }]],
    ['whose last link is moved', [{ from: 'sway', to: 'f7.cutoff', depth: 300 }]],
    ['that is fed twice', [{ from: 'sway', to: 'f0' }]],
    ['that is fed in the middle', [{ from: 'sway', to: 'f4' }]],
    ['that is heard in the middle', [{ from: 'f4', to: 'out' }]],
  ])('changes no bit of a row of filters %s', async (_what, others) => {
    const text = JSON.stringify({
      amp: 1,
      nodes: {
        hiss: { type: 'noise' },
        sway: { type: 'lfo', freq: 90 },
        ...Object.fromEntries(links.map((id, index) => [id, { type: 'one_pole', cutoff: 400 + 100 * index }])),
        out: { type: 'output' },
      },
      edges: [...row, ...others],
    });
    const cuts = { block: 64, workers: 1 };
    expect(await soundOf(text, ipls, cuts)).toBe(await soundOf(text, kpn, cuts));
  });
});
