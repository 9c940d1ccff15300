// The schedule as text: what `amp-live plan --ipls` prints and every command reads.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPatch } from '../../src/patch/read.js';
import type { ScheduleReplacement } from '../../src/patch/read-schedule.js';
import { encodePlan } from '../../src/plan/binary/encode.js';
import { compilePlan } from '../../src/plan/compile.js';
import { describePlan } from '../../src/plan/describe.js';
import { formatSchedule } from '../../src/plan/format-schedule.js';
import type { Plan } from '../../src/plan/plan.js';
import { anyPatchText } from './random-patch.js';

/** The plan; nothing where the graph cannot run. */
function planBy(text: string, replacement: ScheduleReplacement): Plan | undefined {
  const reading = readPatch(text, 'p.jsonc', replacement);
  if (!reading.ok) {
    throw new Error(JSON.stringify(reading.diagnostics));
  }
  const result = compilePlan(reading.patch, { sampleRate: 48_000 });
  return result.ok ? result.plan : undefined;
}

describe('a schedule as text', () => {
  test('gives the plan from which it was written, byte for byte', () => {
    let withSums = 0;
    fc.assert(
      fc.property(anyPatchText, fc.nat({ max: 4 }), (text, partialLatency) => {
        const planned = planBy(text, { type: 'ipls', partialLatency });
        if (planned === undefined) {
          return;
        }
        const written = formatSchedule(describePlan(planned).schedule ?? []);
        const again = planBy(text, { type: 'text', file: 's.json', text: written });
        expect(again && encodePlan(again)).toStrictEqual(encodePlan(planned));
        withSums += written.includes('.voices"') ? 1 : 0;
      }),
      { numRuns: 200 },
    );
    expect(withSums).toBeGreaterThan(10);
  });

  test('has a cohort on each line', () => {
    const cohorts = [
      { type: 'sine', nodes: ['a', 'b'], fused: null },
      { type: 'output', nodes: ['out'], fused: null },
    ];
    expect(formatSchedule([{ partialLatency: 1, cohorts }])).toBe(`{
  "stages": [
    {
      "partial_latency": 1,
      "cohorts": [
        { "type": "sine", "nodes": ["a", "b"] },
        { "type": "output", "nodes": ["out"] }
      ]
    }
  ]
}`);
  });
});
