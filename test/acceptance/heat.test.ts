// Heat: what warms nodes, what it moves, and that it is the same however the work is done.

import { describe, expect, test } from 'vitest';
import type { GroupHeat } from '../../src/engine/heat.js';
import type { PatchSketch } from '../engine/running.js';
import { planBytes, running, takeFrames } from '../engine/running.js';
import { everyCut, firstDifference, streamOf } from './streams.js';

const second = 48_000;
const thermal = { gain: 40, tau: 0.5 };

/** Three nodes in groups 1a and 1b, driven by one wave. */
function driven(wave: 'square' | 'sine', level: number): PatchSketch {
  return {
    nodes: {
      // The oscillator "square" is band-limited, and so not of two values only.
      wave: { type: 'lfo', shape: wave, freq: 19 },
      one: { type: 'gain', thermal },
      two: { type: 'crossfade', thermal },
      three: { type: 'crossfade', thermal },
      out: { type: 'output', thermal: { gain: 0, tau: 1 } },
    },
    edges: [
      { from: 'wave', to: 'one', gain: level },
      { from: 'wave', to: 'two.a', gain: level },
      { from: 'wave', to: 'two.b', gain: level / 2 },
      { from: 'wave', to: 'three.b', gain: level },
      { from: 'one', to: 'out', gain: 0.1 },
    ],
  };
}

async function heatAfter(sketch: PatchSketch, { frames = second, block = 64, workers = 1 } = {}) {
  const streamer = running(planBytes(sketch), { block, workers });
  await takeFrames(streamer, frames);
  for (let node = 0; node < Object.keys(sketch.nodes).length; node += 1) {
    await streamer.waitNodeCompletion(node, frames, 60_000);
  }
  return streamer.heat();
}

const heats = (groups: readonly GroupHeat[]) => groups.slice(0, 5).map(({ heat }) => heat);

/** Of power 1 after a time in seconds. */
const closedForm = (seconds: number) => thermal.gain * thermal.tau * (1 - Math.exp(-seconds / thermal.tau));

/** Of each group, where the wave has that power: they hear all of it, all, half of its level, nothing, and all. */
function expectHeats(
  found: readonly number[],
  { power, seconds, share }: { readonly power: number; readonly seconds: number; readonly share: number },
): void {
  const wanted = [1, 1, 0.25, 0, 1].map((part) => part * power * closedForm(seconds));
  found.forEach((heat, group) => {
    expect(Math.abs(heat - (wanted[group] ?? 0))).toBeLessThanOrEqual(share * (wanted[group] ?? 0));
  });
}

describe('heat', () => {
  test('under a square wave is that of the closed form within 0.1 %', async () => {
    expectHeats(heats(await heatAfter(driven('square', 0.5))), { power: 0.25, seconds: 1, share: 0.001 });
  });

  test('under a sine is that of half its square within 3 %, since its power is sampled', async () => {
    const found = heats(await heatAfter(driven('sine', 1), { frames: 2 * second }));
    expectHeats(found, { power: 0.5, seconds: 2, share: 0.03 });
  });

  test('is fourfold at twice the level', async () => {
    const [soft, loud] = [heats(await heatAfter(driven('sine', 0.25))), heats(await heatAfter(driven('sine', 0.5)))];
    expect(loud).toEqual(soft.map((heat) => 4 * heat));
  });

  test('is the same at any block and with any workers', async () => {
    const wanted = await heatAfter(driven('sine', 0.7), { frames: 4096 });
    for (const block of [16, 1024]) {
      for (const workers of [1, 3]) {
        expect(await heatAfter(driven('sine', 0.7), { frames: 4096, block, workers })).toEqual(wanted);
      }
    }
  });
});

const swayed = {
  nodes: {
    wave: { type: 'sine', freq: 331 },
    amp: { type: 'gain', thermal: { gain: 200, tau: 0.2 } },
    level: { type: 'gain', gain: 1 },
    out: { type: 'output', channels: 1 },
  },
  edges: [
    { from: 'wave', to: 'amp', gain: 0.5 },
    { from: 'amp', to: 'level' },
    { from: 'amp.thermo.heat', to: 'level.gain', depth: -0.1 },
    { from: 'level', to: 'out' },
  ],
} satisfies PatchSketch;

test('heat moves what an edge leads it to, with the same bits at any block and with any workers', async () => {
  const wanted = await streamOf(swayed, { frames: second / 2 });
  const peakOf = (begin: number) => Math.max(...wanted.subarray(begin, begin + 480).map(Math.abs));
  expect(peakOf(second / 4)).toBeLessThan(0.8 * peakOf(0));
  for (const cut of everyCut) {
    const found = await streamOf(swayed, { frames: 4096, ...cut });
    expect(firstDifference(found, wanted.subarray(0, 4096))).toBe(-1);
  }
});

test('a limit that attenuates keeps the heat below it', async () => {
  const sketch = { ...swayed, thermal: { ambient: 25, warm: 26, limit: 27, on_limit: 'attenuate' } };
  const [amp] = await heatAfter(sketch);
  expect(amp?.heat).toBeGreaterThan(1.5);
  expect(amp?.heat).toBeLessThan(2);
  expect(amp?.gain).toBeLessThan(1);
});
