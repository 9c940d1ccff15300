// The responses of filters against analysis, measured through the real path: patch, plan, engine, file.
//
// Every filter here is an analogue one, carried over by the bilinear transform with its corner exact: at the frequency f its
// response is that of the analogue one at s = j tan(pi f / rate) / tan(pi corner / rate).

import { describe, expect, test } from 'vitest';
import { decibels } from '../measure/level.js';
import type { Complex } from '../measure/spectrum.js';
import { amplitudeAt } from '../measure/spectrum.js';
import { render, sampleRate, samplesOf } from './rendering.js';

/** A polynomial in s: its coefficients of s^2, s and 1. */
type Polynomial = readonly [number, number, number];

interface Response {
  readonly numerator: Polynomial;
  readonly denominator: Polynomial;
}

interface FilterCase {
  readonly name: string;
  readonly node: Readonly<Record<string, string | number>>;
  /** Of the node. */
  readonly tap: string;
  readonly corner: number;
  readonly response: Response;
}

/** R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients", with `a` the root of the peak's or shelf's gain. */
function biquad(mode: string, corner: number, q: number, gain: number): FilterCase {
  const a = Math.sqrt(gain);
  const slope = Math.sqrt(a) / q;
  const resonant: Polynomial = [1, 1 / q, 1];
  const responses: Readonly<Record<string, Response>> = {
    lowpass: { numerator: [0, 0, 1], denominator: resonant },
    highpass: { numerator: [1, 0, 0], denominator: resonant },
    bandpass: { numerator: [0, 1 / q, 0], denominator: resonant },
    notch: { numerator: [1, 0, 1], denominator: resonant },
    allpass: { numerator: [1, -1 / q, 1], denominator: resonant },
    peak: { numerator: [1, a / q, 1], denominator: [1, 1 / (a * q), 1] },
    low_shelf: { numerator: [a, a * slope, a * a], denominator: [a, slope, 1] },
    high_shelf: { numerator: [a * a, a * slope, a], denominator: [1, slope, a] },
  };
  const response = responses[mode];
  if (response === undefined) {
    throw new Error(`there is no response for ${mode}`);
  }
  const node = { type: 'biquad', mode, cutoff: corner, q, gain };
  return { name: `biquad ${mode} at ${corner} Hz`, node, tap: 'out', corner, response };
}

/** A. Simper, "Solving the continuous SVF equations ...", 2013: damping is twice what resonance leaves. */
function svf(tap: 'low' | 'high' | 'band', corner: number, resonance: number): FilterCase {
  const numerators: Readonly<Record<typeof tap, Polynomial>> = { low: [0, 0, 1], high: [1, 0, 0], band: [0, 1, 0] };
  const response: Response = { numerator: numerators[tap], denominator: [1, 2 * (1 - resonance), 1] };
  const node = { type: 'svf', cutoff: corner, resonance };
  return { name: `svf ${tap} at ${corner} Hz, resonance ${resonance}`, node, tap, corner, response };
}

function onePole(corner: number): FilterCase {
  const response: Response = { numerator: [0, 0, 1], denominator: [0, 1, 1] };
  return { name: `one_pole at ${corner} Hz`, node: { type: 'one_pole', cutoff: corner }, tap: 'out', corner, response };
}

const filters: readonly FilterCase[] = [
  onePole(200),
  onePole(5000),
  svf('low', 1000, 0),
  svf('low', 1000, 0.9),
  svf('high', 3000, 0.5),
  svf('band', 400, 0.8),
  biquad('lowpass', 1000, Math.SQRT1_2, 1),
  biquad('highpass', 300, 2, 1),
  biquad('bandpass', 2000, 5, 1),
  biquad('notch', 1500, 1, 1),
  biquad('allpass', 1000, 1, 1),
  biquad('peak', 2500, 2, 4),
  biquad('low_shelf', 500, Math.SQRT1_2, 0.25),
  biquad('high_shelf', 4000, Math.SQRT1_2, 2),
];

/** Apart from each other and from every corner, from bass to treble. */
const tones = [53, 117, 263, 611, 1117, 1777, 2897, 4729, 7919, 13_007];

function magnitude([square, linear, constant]: Polynomial, s: number): number {
  const value: Complex = { real: constant - square * s * s, imaginary: linear * s };
  return Math.hypot(value.real, value.imaginary);
}

function analyse({ response, corner }: FilterCase, frequency: number): number {
  const s = Math.tan((Math.PI * frequency) / sampleRate) / Math.tan((Math.PI * corner) / sampleRate);
  return magnitude(response.numerator, s) / magnitude(response.denominator, s);
}

/** All tones at once, each in a voice of its own, through the filter and past it. */
async function measure({ node, tap }: FilterCase): Promise<readonly number[]> {
  const level = 0.04;
  const patch = {
    nodes: {
      tones: { type: 'sine', freq: tones },
      filter: node,
      left: { type: 'pan', position: -1 },
      right: { type: 'pan', position: 1 },
      out: { type: 'output' },
    },
    edges: [
      { from: 'tones', to: 'filter', gain: level },
      { from: `filter.${tap}`, to: 'left' },
      { from: 'tones', to: 'right', gain: level },
      { from: 'left', to: 'out' },
      { from: 'right', to: 'out' },
    ],
  };
  const seconds = 2;
  const sound = await render(patch, { seconds });
  const settled = sampleRate;
  return tones.map((frequency) => {
    const amplitude = (channel: number) => amplitudeAt(samplesOf(sound, channel, settled), frequency, sampleRate);
    return amplitude(0) / amplitude(1);
  });
}

describe('The response of', () => {
  test.each(filters)('$name is that of analysis within 0.1 dB', async (filter) => {
    const measured = await measure(filter);
    const errors = measured.map((gain, index) => decibels(gain / analyse(filter, tones[index] ?? 0)));
    expect(errors.map(Math.abs).filter((error) => !(error <= 0.1))).toEqual([]);
  });
});
