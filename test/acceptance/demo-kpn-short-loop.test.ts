// What patches/demo_kpn_short_loop.jsonc says about itself.

import { readFileSync } from 'node:fs';
import { parse } from 'jsonc-parser';
import { beforeAll, describe, expect, test } from 'vitest';
import { powerBetween } from '../measure/spectrum.js';
import type { Sound } from '../measure/wav.js';
import { renderAsItSays } from './commands.js';
import { inRepository } from './patch-files.js';
import type { PatchText } from './rendering.js';
import { render, sampleRate, samplesOf } from './rendering.js';

const patch = 'patches/demo_kpn_short_loop.jsonc';

interface Edge {
  readonly id?: string;
  readonly from: string;
  readonly to: string;
}

/** The demo with one loop alone, or with none: its bus, heard on one side. */
function alone(bus: string, hasLoop: boolean): PatchText {
  const { amp: _, nodes, edges } = parse(readFileSync(inRepository(patch), 'utf8'));
  const kept = (edges as readonly Edge[]).filter(
    ({ id, from, to }) =>
      [from, to].includes('out') || (from === 'noise' && to === bus) || (hasLoop && id === `${bus}_loop`),
  );
  return { nodes, edges: [...kept, { from: bus, to: 'left' }] };
}

/** As many as a spectrum wants: a power of two. */
const measured = 2 ** 17;

describe('The demo of a short loop', () => {
  let sound: Sound;

  beforeAll(() => {
    sound = renderAsItSays(patch);
  });

  test.each([
    ['dull', 1, 0.9],
    ['sharp', 1, -0.9],
    ['ring', 3, -0.9],
  ])('runs the loop "%s" as its formula says, to the bit', async (bus, delay, gain) => {
    const source = samplesOf(await render(alone(bus, false), { seconds: 0.5 }), 0);
    const heard = samplesOf(await render(alone(bus, true), { seconds: 0.5 }), 0);
    let frame = 0;
    while (frame < heard.length) {
      const before = heard[frame - delay] ?? 0;
      const meant = Math.fround((source[frame] ?? 0) + Math.fround(Math.fround(gain) * before));
      if (heard[frame] !== meant) {
        break;
      }
      frame += 1;
    }
    expect(frame).toBe(heard.length);
  });

  test('is dull on the left and sharp on the right', () => {
    const power = (channel: number, low: number, high: number) =>
      powerBetween(samplesOf(sound, channel, 0, measured), low, high, sampleRate);
    // The loop of three frames rings at 8 and at 24 kHz, so the dull side is measured between them.
    expect(power(0, 20, 1000) / power(0, 20_000, 21_000)).toBeGreaterThan(30);
    expect(power(1, 23_000, 23_980) / power(1, 20, 1000)).toBeGreaterThan(30);
  });

  test('rings at 8 kHz', () => {
    const power = (low: number, high: number) => powerBetween(samplesOf(sound, 0, 0, measured), low, high, sampleRate);
    expect(power(7900, 8100)).toBeGreaterThan(2 * power(7000, 7200));
  });
});
