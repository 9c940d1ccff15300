import { describe, expect, onTestFinished, test } from 'vitest';
import type { StreamEvent } from '../../src/engine/event.js';
import type { GradientRun } from '../../src/engine/gradient.js';
import { openGradient } from '../../src/engine/gradient.js';
import { encodePlan } from '../../src/plan/binary/encode.js';
import type { Plan } from '../../src/plan/plan.js';
import type { PatchSketch } from './running.js';
import { planBytes, planOf } from './running.js';

const frames = 480;

function opened(plan: Uint8Array, events: readonly StreamEvent[] = []): GradientRun {
  const opening = openGradient(plan, { block: 64, workers: 1, frames, events });
  if (!opening.ok) {
    throw new Error(opening.error.message);
  }
  onTestFinished(() => opening.run.close());
  return opening.run;
}

async function soundOf(run: GradientRun): Promise<Float64Array> {
  const recording = await run.record();
  if (!recording.ok) {
    throw new Error(recording.error.message);
  }
  return recording.sound;
}

/** Through a filter with two lanes, in stereo. */
const filtered: PatchSketch = {
  nodes: {
    saw: { type: 'saw', freq: [300, 470] },
    low: { type: 'svf', cutoff: 900, resonance: 0.4 },
    out: { type: 'output' },
  },
  edges: [
    { from: 'saw', to: 'low', gain: 0.3 },
    { from: 'low', to: 'out' },
  ],
};

/** The plan with another cutoff. */
function withCutoff(plan: Plan, cutoff: number): Plan {
  return {
    ...plan,
    nodes: plan.nodes.map((node) => ({
      ...node,
      parameters: node.parameters.map((parameter) =>
        parameter.name === 'cutoff' ? { ...parameter, base: [{ number: cutoff, unit: 'plain' as const }] } : parameter,
      ),
    })),
  };
}

describe('the gradient of a plan', () => {
  test('tells its memory before it takes it', () => {
    const { bytes, channels } = opened(planBytes(filtered));
    expect(bytes).toBeGreaterThan(frames * 8);
    expect(channels).toBe(2);
  });

  test('agrees with a finite difference, lane by lane and edge by edge', async () => {
    const plan = planOf(filtered);
    const run = opened(encodePlan(plan));
    const sound = await soundOf(run);
    const going = await run.backward(Float64Array.from(sound, (_, place) => Math.cos(place)));
    if (!going.ok) {
      throw new Error(going.error.message);
    }
    const judged = (heard: Float64Array) => heard.reduce((sum, sample, place) => sum + sample * Math.cos(place), 0);
    const step = 0.01;
    const above = judged(await soundOf(opened(encodePlan(withCutoff(plan, 900 + step)))));
    const below = judged(await soundOf(opened(encodePlan(withCutoff(plan, 900 - step)))));
    // saw: freq and phase of two lanes; low: cutoff and resonance of two.
    const { parameters, edgeGains } = going.gradient;
    expect(parameters).toHaveLength(8);
    const byCutoff = (parameters[4] ?? 0) + (parameters[5] ?? 0);
    expect(byCutoff / ((above - below) / (2 * step))).toBeCloseTo(1, 5);
    // The sound is as large as its gains.
    expect(edgeGains).toHaveLength(2);
    expect(edgeGains[1]).toBeCloseTo(judged(sound), 8);
    expect(0.3 * (edgeGains[0] ?? 0)).toBeCloseTo(judged(sound), 8);
  });

  test('is that of a performance: nothing is heard before its note', async () => {
    const organ: PatchSketch = {
      nodes: { keys: { type: 'keys', voices: 1 }, tone: { type: 'sine' }, out: { type: 'output', channels: 1 } },
      edges: [
        { from: 'keys.freq', to: 'tone.freq' },
        { from: 'tone', to: 'out' },
      ],
    };
    const note: StreamEvent = { type: 'note_on', frame: 100, channel: 1, note: 69, velocity: 1 };
    const sound = await soundOf(opened(planBytes(organ), [note]));
    expect(sound.findIndex((sample) => sample !== 0)).toBe(101);
  });
});

describe('a gradient fails', () => {
  const noise: PatchSketch = {
    nodes: { saw: { type: 'saw' }, hold: { type: 'limiter' }, out: { type: 'output', channels: 1 } },
    edges: [
      { from: 'saw', to: 'hold' },
      { from: 'hold', to: 'out' },
    ],
  };

  test('with the node that has none', async () => {
    const run = opened(planBytes(noise));
    await soundOf(run);
    const going = await run.backward(new Float64Array(frames).fill(1));
    expect(going).toMatchObject({
      ok: false,
      error: { code: 'unsupported', message: expect.stringContaining('node hold of type limiter') },
    });
  });

  test('before anything is recorded', async () => {
    const going = await opened(planBytes(filtered)).backward(new Float64Array(2 * frames));
    expect(going).toMatchObject({ ok: false, error: { code: 'argument' } });
  });

  test('for derivatives of another length', async () => {
    const run = opened(planBytes(filtered));
    await soundOf(run);
    expect(await run.backward(new Float64Array(1))).toMatchObject({ ok: false, error: { code: 'argument' } });
  });

  test.each([
    { block: 0 },
    { block: 4097 },
    { workers: 0 },
    { frames: 0 },
    { frames: 1.5 },
    { events: [{ type: 'set_parameter', frame: 0, node: 99, parameter: 0, value: 1 } as const] },
    { events: [{ type: 'note_on', frame: 0, channel: 17, note: 69, velocity: 1 } as const] },
  ])('with settings out of range: %j', (change) => {
    const opening = openGradient(planBytes(filtered), { block: 64, workers: 1, frames, events: [], ...change });
    expect(opening).toMatchObject({ ok: false, error: { code: 'argument' } });
  });

  test('after it is closed', async () => {
    const run = opened(planBytes(filtered));
    run.close();
    expect(await run.record()).toMatchObject({ ok: false, error: { code: 'closed' } });
    expect(await run.backward(new Float64Array(0))).toMatchObject({ ok: false, error: { code: 'closed' } });
  });

  test('while another call is under way, which goes on', async () => {
    const run = opened(planBytes(filtered));
    const [first, second] = await Promise.all([run.record(), run.record()]);
    expect(first).toMatchObject({ ok: true });
    expect(second).toMatchObject({ ok: false, error: { code: 'busy' } });
  });

  test('on a damaged plan', () => {
    const bytes = planBytes(filtered);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    const opening = openGradient(bytes, { block: 64, workers: 1, frames, events: [] });
    expect(opening).toMatchObject({ ok: false, error: { code: 'plan' } });
  });
});
