// Knobs that move while a patch plays: the same bits for every block size and number of workers.

import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../src/engine/event.js';
import { decodePlan } from '../../src/plan/binary/decode.js';
import type { Plan, PlanValue } from '../../src/plan/plan.js';
import type { Performance } from './fingerprint.js';
import { fingerprint } from './fingerprint.js';
import { performanceOf } from './performances.js';
import { sampleRate } from './rendering.js';

const frames = 2 * sampleRate;
const firstMove = 500;
/** Faster than most moves last, so that moves begin on the way. */
const gap = 397;

const settings = [
  { block: 1, workers: 1 },
  { block: 16, workers: 4 },
  { block: 100, workers: 2 },
  { block: 256, workers: 1 },
  { block: 1024, workers: 4 },
];

/** Milliseconds. */
const patience = 120_000;

describe.each(['patches/glass_pad.jsonc', 'patches/demo_kpn_feedback.jsonc', 'patches/demo_kpn_delay.jsonc'])(
  '%s, all of whose parameters and edges move,',
  (patch) => {
    test('gives the same bits for every block size and number of workers', { timeout: patience }, async () => {
      const { plan, events } = await performanceOf(patch);
      const performance = withMovement({ plan, events: events.filter((event) => event.frame < frames), frames });
      const expected = await fingerprint(performance, { block: 64, workers: 1 });
      for (const setting of settings) {
        expect([setting, await fingerprint(performance, setting)]).toEqual([setting, expected]);
      }
      expect(expected).not.toBe(await fingerprint({ plan, events, frames }, { block: 64, workers: 1 }));
    });
  },
);

/** Each parameter and each edge goes down to half of its value and back, over and over, with limits of all kinds. */
function withMovement({ plan: bytes, events, frames }: Performance): Performance {
  const decoding = decodePlan(bytes);
  if (!decoding.ok) {
    throw new Error(decoding.error.message);
  }
  const targets = targetsOf(decoding.plan);
  const moves = Array.from({ length: Math.floor((frames - firstMove) / gap) }, (_, turn): StreamEvent | undefined => {
    const isDown = Math.floor(turn / targets.length) % 2 === 0;
    return targets[turn % targets.length]?.(firstMove + turn * gap, isDown ? 0.5 : 1, turn % limits.length);
  });
  const all = [...events, ...moves.filter((move) => move !== undefined)].sort((a, b) => a.frame - b.frame);
  return { plan: bytes, events: all, frames };
}

/** Of a value of 1. */
const limits = [
  { rate: 3 },
  { acceleration: 200 },
  { area: 0.05 },
  { rate: 10, acceleration: 1000, area: 0.1 },
  {},
] as const;

/** Sets something at a frame to a share of its value, with the limits of that index. */
type Target = (frame: number, share: number, limit: number) => StreamEvent;

function targetsOf(plan: Plan): readonly Target[] {
  const parameters = plan.nodes.flatMap(({ parameters }, node) =>
    parameters.flatMap(({ base }, parameter) =>
      sizesOf(base[0]).map((size): Target => {
        return (frame, share, limit) => {
          return { type: 'set_parameter', node, parameter, value: share * size, frame, ...scaled(limit, size) };
        };
      }),
    ),
  );
  const edges = plan.edges.flatMap(({ gain }, edge) =>
    sizesOf(gain).map((size): Target => {
      return (frame, share, limit) => {
        return { type: 'set_edge_gain', edge, value: share * size, frame, ...scaled(limit, size) };
      };
    }),
  );
  return [...parameters, ...edges];
}

/** The value as a plain number, where there is one that can move. */
function sizesOf(value: PlanValue | undefined): readonly number[] {
  if (value === undefined || value.number === 0) {
    return [];
  }
  const factor = { plain: 1, hertz: 1, kilohertz: 1000, seconds: 1, milliseconds: 0.001 } as Record<string, number>;
  const size = value.unit === 'decibels' ? 10 ** (value.number / 20) : value.number * (factor[value.unit] ?? 0);
  return size === 0 ? [] : [size];
}

function scaled(limit: number, size: number): { readonly rate?: number; readonly acceleration?: number } {
  return Object.fromEntries(
    Object.entries<number>(limits[limit] ?? {}).map(([name, value]) => [name, value * Math.abs(size)]),
  );
}
