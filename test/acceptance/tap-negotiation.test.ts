// Tap negotiation: what each tap asks, what it is granted and why, and what cannot be granted.

import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runAmpLive, withTemporaryFile } from './commands.js';

const nodes = {
  tone: { type: 'sine' },
  near: { type: 'gain' },
  far: { type: 'gain' },
  out: { type: 'output', channels: 1 },
};

const edges = [
  { from: 'tone', to: 'near' },
  { from: 'tone', to: 'far', delay: 4800 },
  { from: 'near', to: 'out' },
  { from: 'far', to: 'out' },
];

/** The patch with terms for taps of some nodes. */
const patchWith = (taps: Readonly<Record<string, object>>) => ({
  amp: 1,
  nodes: Object.fromEntries(
    Object.entries(nodes).map(([id, node]) => [id, id in taps ? { ...node, taps: taps[id] } : node]),
  ),
  edges,
});

/** Runs `amp-live plan` on a patch. */
function plan(patch: object, ...options: readonly string[]) {
  return withTemporaryFile('p.jsonc', (path) => {
    writeFileSync(path, JSON.stringify(patch, null, 1));
    return runAmpLive('plan', path, ...options);
  });
}

interface Contracts {
  readonly contracts: {
    readonly readers: readonly {
      readonly to: string;
      readonly granted: { readonly maxFrames: number };
      readonly why: string;
    }[];
  };
}

describe('Tap negotiation', () => {
  test('grants what the deepest reader needs, and says because of whom', () => {
    const { exitCode, output } = plan(patchWith({ far: { in: { asks: 200 } } }));
    expect(exitCode).toBe(0);
    const line = output.split('\n').find((each) => /^ *tone\.out .*on_consume/.test(each));
    expect(line).toContain(' 5000 ');
    expect(line).toContain('far.in');
  });

  test('bounds the lag by the smallest max_frames, and tells every reader why', () => {
    const { exitCode, output } = plan(patchWith({ near: { in: { max_frames: 9600 } } }), '--json');
    expect(exitCode).toBe(0);
    const { readers } = (JSON.parse(output) as Contracts).contracts;
    const granted = readers
      .filter(({ to }) => to !== 'out.in')
      .map(({ to, granted: { maxFrames } }) => [to, maxFrames]);
    expect(granted).toEqual([
      ['near.in', 9600],
      ['far.in', 9600],
    ]);
    expect(readers.find(({ to }) => to === 'far.in')?.why).toContain('near.in');
  });

  test('refuses terms that disagree, and names both taps', () => {
    const { exitCode, output, errors } = plan(patchWith({ near: { in: { max_frames: 960 } } }));
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    expect(errors).toContain('near.in');
    expect(errors).toContain('far.in');
    expect(errors).toMatch(/p\.jsonc:\d+:\d+/);
  });
});
