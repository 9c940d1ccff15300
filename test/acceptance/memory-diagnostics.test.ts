// Memory diagnostics: what a performance holds, what grew and what that cost, told while it plays.

import { describe, expect, test } from 'vitest';
import { startAmp } from '../cli/command-line.js';
import { makeTemporaryFolder } from '../temporary-folder.js';

/** A tone behind a gate that is closed from the start. */
const held = {
  amp: 1,
  nodes: { tone: { type: 'sine' }, out: { type: 'output', channels: 1 } },
  edges: [{ id: 'way', from: 'tone', to: 'out', gain: 0.1 }],
  gates: { stop: { members: ['way'], while_closed: 'hold', open: false } },
};

interface Status {
  readonly type: string;
  readonly seconds: number;
  readonly memory: Readonly<Record<'committed' | 'used' | 'largestHole' | 'growths' | 'failedGrowths', number>>;
  readonly edges: readonly {
    readonly name: string;
    readonly depth: number;
    readonly capacity: number;
    readonly growths: number;
  }[];
}

describe('Memory diagnostics', () => {
  test('tell of a wheel that grows behind a gate: its capacity, the growths, the memory', async () => {
    const folder = makeTemporaryFolder();
    folder.write('held.jsonc', JSON.stringify(held));
    const options = ['--device', 'clock', '--osc-port', 'off', '--headless', '--seconds', '3.5'];
    const { exitCode, output } = await startAmp(['play', 'held.jsonc', ...options], folder.path).ended;
    expect(exitCode).toBe(0);
    const all = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Status);
    const statuses = all.filter(({ type }) => type === 'status');
    const [first, last] = [statuses[0], statuses.at(-1)];
    const [edgeAtFirst, edgeAtLast] = [first?.edges[0], last?.edges[0]];
    expect(edgeAtLast?.depth).toBeGreaterThan(2 * 48_000);
    expect(edgeAtLast?.capacity).toBeGreaterThanOrEqual(edgeAtLast?.depth ?? Number.POSITIVE_INFINITY);
    expect(edgeAtLast?.capacity).toBeGreaterThan(edgeAtFirst?.capacity ?? Number.POSITIVE_INFINITY);
    expect(edgeAtLast?.growths).toBeGreaterThan(1);
    expect(last?.memory.growths).toBe(edgeAtLast?.growths);
    expect(last?.memory.failedGrowths).toBe(0);
    expect(last?.memory.used).toBeGreaterThan(first?.memory.used ?? Number.POSITIVE_INFINITY);
    for (const { memory } of statuses) {
      expect(memory.used).toBeLessThanOrEqual(memory.committed);
      expect(memory.largestHole).toBeLessThanOrEqual(memory.committed - memory.used);
    }
  });
});
