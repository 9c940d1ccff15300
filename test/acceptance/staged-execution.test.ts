// Staged execution: three stages and more work on different blocks at the same time, on two workers, while a clock paces them, and
// whatever the network does sounds as in the order of readiness on one.

import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../src/engine/event.js';
import { handOverSettings } from '../../src/engine/hand-over.js';
import type { LiveStreamer } from '../../src/engine/live-streamer.js';
import type { AmpGraphStreamer } from '../../src/engine/streamer.js';
import { encodePlan } from '../../src/plan/binary/encode.js';
import { blocksInFlight } from '../../src/plan/blocks-in-flight.js';
import { made, opened, output } from '../engine/live-running.js';
import type { PatchSketch } from '../engine/running.js';
import { planBytes, planOf, running, takeFrames } from '../engine/running.js';
import { firstDifference } from './streams.js';

const branches = [0, 1, 2, 3, 4, 5, 6, 7];
const frames = 24_000;

/** What a bank has beside its branches, and how these are connected. */
interface Others {
  readonly nodes?: Readonly<Record<string, object>>;
  readonly edges?: readonly object[];
  readonly gates?: Readonly<Record<string, object>>;
  /** Of the edges from the saws to the filters. */
  readonly delay?: number;
  readonly level?: number;
}

/** Eight branches of saw, filter and level; each kind is a cohort, and the edge into each filter has a name. */
const bank = ({ nodes = {}, edges = [], gates = {}, delay = 0, level = 0.05 }: Others): PatchSketch => ({
  nodes: {
    ...Object.fromEntries(branches.map((i) => [`saw${i}`, { type: 'saw', freq: 110 + 37.3 * i }])),
    ...Object.fromEntries(branches.map((i) => [`low${i}`, { type: 'biquad', cutoff: 700 + 150 * i, q: 3 }])),
    ...Object.fromEntries(branches.map((i) => [`level${i}`, { type: 'gain', gain: level }])),
    sum: { type: 'mix' },
    out: { type: 'output', channels: 1 },
    ...nodes,
  },
  edges: [
    ...branches.flatMap((i) => [
      { id: `way${i}`, from: `saw${i}`, to: `low${i}`, delay: i % 2 === 0 ? delay : 0 },
      { from: `low${i}`, to: `level${i}` },
      { from: `level${i}`, to: 'sum' },
    ]),
    { from: 'sum', to: 'out' },
    ...edges,
  ],
  gates,
});

/** What happens, and what the plan is handed over to on the way. */
interface Happening {
  /** Wheels have to become longer for it. */
  readonly grows?: boolean;
  readonly events?: readonly StreamEvent[];
  readonly next?: { readonly sketch: PatchSketch; readonly frame: number };
}

async function begin(
  streamer: AmpGraphStreamer | LiveStreamer,
  { events = [], next }: Happening,
  bytesOf: (sketch: PatchSketch) => Uint8Array,
): Promise<void> {
  for (const event of events) {
    expect(streamer.post(event)).toMatchObject({ ok: true });
  }
  if (next !== undefined) {
    const preparing = await streamer.prepare(bytesOf(next.sketch), handOverSettings('reload'));
    expect(preparing).toMatchObject({ ok: true });
    expect(streamer.handOver(preparing.ok ? preparing.plan : 0, next.frame)).toEqual({ ok: true });
  }
}

/** In the order of readiness, a block at a time. */
async function inOrder(sketch: PatchSketch, happening: Happening): Promise<Float32Array> {
  const streamer = running(planBytes(sketch), { block: 64, workers: 1 });
  await begin(streamer, happening, planBytes);
  return takeFrames(streamer, frames);
}

/** Under the schedule of the planner with two blocks of partial latency. */
async function staged(sketch: PatchSketch, happening: Happening): Promise<Float32Array> {
  const planned = (of: PatchSketch) => planOf({ ...of, schedule: { plan: 'ipls', partial_latency: 2 } } as PatchSketch);
  const plan = planned(sketch);
  expect(plan.schedule?.stages.length).toBeGreaterThanOrEqual(3);
  expect(blocksInFlight(plan)).toBeGreaterThan(1);
  const streamer = opened(encodePlan(plan), { block: 64, workers: 2, inFlight: blocksInFlight(plan) });
  await begin(streamer, happening, (of) => encodePlan(planned(of)));
  expect(streamer.startClock()).toEqual({ ok: true });
  const samples = new Float32Array(frames);
  const step = 2400;
  for (let frame = 0; frame < frames; frame += step) {
    await made(streamer, frame + step);
    samples.set(output(streamer, frame, step), frame);
  }
  expect(streamer.arenaStats().growths > 0).toBe(happening.grows === true);
  return samples;
}

const gateEvents: readonly StreamEvent[] = [
  { type: 'set_gate', gate: 0, change: 'close', frame: 3011 },
  { type: 'set_gate', gate: 0, change: 'open', frame: 9002 },
];
const gated = (gate: object): PatchSketch => bank({ gates: { g: { members: ['way3'], ...gate } } });

describe('Staged execution', () => {
  test.each<[string, PatchSketch, Happening]>([
    ['of a bank alone', bank({}), {}],
    ['of delays: each expires on its frame', bank({ delay: 777 }), {}],
    ['of delays shorter than a block', bank({ delay: 33 }), {}],
    ['of a gate that mutes one lane', gated({ while_closed: 'mute' }), { events: gateEvents }],
    ['of a gate that samples one lane', gated({ while_closed: 'sample' }), { events: gateEvents }],
    ['of a gate that holds one lane', gated({ while_closed: 'hold' }), { events: gateEvents }],
    [
      'of a gate that holds one lane and then skips',
      gated({ while_closed: 'hold', release: 'skip' }),
      { events: gateEvents },
    ],
    [
      'of a loop of a block and of one of three frames',
      bank({
        nodes: { echo: { type: 'mix' }, comb: { type: 'mix' } },
        edges: [
          { from: 'sum', to: 'echo' },
          { from: 'echo', to: 'echo', delay: 300, gain: 0.4 },
          { from: 'echo', to: 'comb', gain: 0.3 },
          { from: 'comb', to: 'comb', delay: 3, gain: -0.5 },
          { from: 'comb', to: 'out' },
        ],
      }),
      {},
    ],
    [
      'of a wheel that grows behind a gate that holds',
      bank({ gates: { g: { members: branches.map((i) => `way${i}`), while_closed: 'hold' } } }),
      {
        grows: true,
        events: [
          { type: 'set_gate', gate: 0, change: 'close', frame: 1000 },
          { type: 'set_gate', gate: 0, change: 'open', frame: 20_000 },
        ],
      },
    ],
    ['handed over to another bank', bank({}), { next: { sketch: bank({ level: 0.02, delay: 100 }), frame: 7001 } }],
    [
      'of a drain, and of a bank that goes on',
      bank({}),
      {
        events: [
          { type: 'drain_node', node: 8, isDrained: true, frame: 5000 },
          { type: 'drain_node', node: 8, isDrained: false, frame: 15_000 },
        ],
      },
    ],
  ])('%s sounds as the order of readiness does', async (_what, sketch, happening) => {
    const expected = await inOrder(sketch, happening);
    expect(expected.some((sample) => Math.abs(sample) > 0.01)).toBe(true);
    expect(firstDifference(await staged(sketch, happening), expected)).toBe(-1);
  });
});
