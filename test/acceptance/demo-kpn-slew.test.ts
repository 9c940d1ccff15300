// What patches/demo_kpn_slew.jsonc says about itself, measured of one tone at a time.

import { readFileSync } from 'node:fs';
import { parse } from 'jsonc-parser';
import { beforeAll, describe, expect, test } from 'vitest';
import { peak } from '../measure/level.js';
import type { Sound } from '../measure/wav.js';
import { renderAsItSays } from './commands.js';
import { inRepository } from './patch-files.js';
import type { PatchText } from './rendering.js';
import { render, sampleRate, samplesOf } from './rendering.js';

const patch = 'patches/demo_kpn_slew.jsonc';
const seconds = 6;

/** The steps of the demo: where each begins, in seconds, and from where it goes to where. */
const steps = [
  { at: 1, from: 0.15, to: 0.1 },
  { at: 2, from: 0.1, to: 0.05 },
  { at: 3, from: 0.05, to: 0 },
  { at: 4, from: 0, to: 0.15 },
];
const smallStep = 0.05;
const largeStep = 0.15;

interface Demo extends PatchText {
  readonly nodes: Readonly<Record<string, object>>;
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

/** One voice of the demo with all that it needs: with its gain as the demo moves it, and with a gain of 1 that stands. */
async function soloed(voice: string): Promise<{ moving: Sound; standing: Sound }> {
  const { nodes, edges } = parse(readFileSync(inRepository(patch), 'utf8')) as Demo;
  const others = ['ideal', 'rate', 'acceleration', 'area'].filter((name) => name !== voice);
  const own = edges.filter(({ from, to }) => !others.some((name) => from === name || to.startsWith(name)));
  const still = own.filter(({ to }) => to !== `${voice}.gain`);
  return {
    moving: await render({ nodes, edges: own }, { seconds }),
    standing: await render({ nodes: { ...nodes, [voice]: { type: 'gain', gain: 0.5 } }, edges: still }, { seconds }),
  };
}

/** The gain at each frame where the tone is loud enough to tell it; else not a number. */
async function gainOf(voice: string): Promise<Float64Array> {
  const { moving, standing } = await soloed(voice);
  const heard = samplesOf(moving, 0);
  const tone = samplesOf(standing, 0);
  const loud = peak(tone) / 4;
  return Float64Array.from(heard, (sample, frame) => {
    const meant = tone[frame] ?? 0;
    return Math.abs(meant) < loud ? Number.NaN : (0.5 * sample) / meant;
  });
}

/** Seconds from a step until the gain has come so close to its end, as a share of the step, for good. */
function arrival(gain: Float64Array, { at, from, to }: (typeof steps)[number], closeness: number): number {
  const begin = at * sampleRate;
  const bound = closeness * Math.abs(to - from);
  let last = 0;
  for (let frame = 0; frame < 0.9 * sampleRate; frame += 1) {
    if (Math.abs((gain[begin + frame] ?? 0) - to) > bound) {
      last = frame;
    }
  }
  return last / sampleRate;
}

/** The area between a step and the way after it: from what is loud enough, filled in between. */
function areaAfter(gain: Float64Array, { at, to }: (typeof steps)[number]): number {
  let area = 0;
  let known = 0;
  for (let frame = at * sampleRate; frame < (at + 0.9) * sampleRate; frame += 1) {
    const value = gain[frame] ?? Number.NaN;
    known = Number.isNaN(value) ? known : Math.abs(value - to);
    area += known / sampleRate;
  }
  return area;
}

describe('The demo of slews', () => {
  const gains = new Map<string, Float64Array>();
  const gain = (voice: string) => gains.get(voice) ?? new Float64Array();

  beforeAll(async () => {
    for (const voice of ['ideal', 'rate', 'acceleration', 'area']) {
      gains.set(voice, await gainOf(voice));
    }
  });

  test('is heard as its comment says, and not too loud', () => {
    const sound = renderAsItSays(patch);
    expect(sound.channels).toHaveLength(2);
    expect(peak(samplesOf(sound, 0))).toBeGreaterThan(0.2);
    expect(peak(samplesOf(sound, 0))).toBeLessThan(0.7);
  });

  test('has a voice that goes at once', () => {
    for (const step of steps) {
      expect(arrival(gain('ideal'), step, 0.01)).toBeLessThan(0.002);
    }
  });

  test('has a voice that goes at a rate of 0.25: three times the step takes three times the time', () => {
    for (const step of steps) {
      const size = Math.abs(step.to - step.from);
      expect(arrival(gain('rate'), step, 0.01)).toBeCloseTo(0.99 * (size / 0.25), 2);
    }
  });

  test('has a voice that speeds up and brakes by 1: half way after half of 2 sqrt(size)', () => {
    for (const step of steps) {
      const size = Math.abs(step.to - step.from);
      const half = Math.sqrt(size);
      expect(arrival(gain('acceleration'), step, 0.5)).toBeCloseTo(half, 2);
      // What is left before the end is half of the square of the time that is left.
      expect(arrival(gain('acceleration'), step, 0.02)).toBeCloseTo(2 * half - Math.sqrt(2 * 0.02 * size), 2);
    }
  });

  test('has a voice that leaves an area of 0.015, so that the larger step is the quicker one', () => {
    for (const step of steps) {
      const size = Math.abs(step.to - step.from);
      expect(arrival(gain('area'), step, 0.01)).toBeCloseTo(0.99 * ((2 * 0.015) / size), 2);
      expect(areaAfter(gain('area'), step)).toBeCloseTo(0.015, 4);
    }
    expect(areaAfter(gain('rate'), { at: 4, from: 0, to: largeStep })).toBeCloseTo(largeStep ** 2 / (2 * 0.25), 3);
    expect(areaAfter(gain('rate'), { at: 1, from: 0.15, to: 0.1 })).toBeCloseTo(smallStep ** 2 / (2 * 0.25), 3);
  });

  test('has no voice that goes past its target', () => {
    for (const voice of gains.keys()) {
      const known = gain(voice).filter((value) => !Number.isNaN(value));
      expect(Math.max(...known.slice(0, 100))).toBeCloseTo(0.15, 4);
      expect(known.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(0.1501);
      expect(known.reduce((least, value) => Math.min(least, value), 1)).toBeGreaterThan(-0.0001);
    }
  });
});
