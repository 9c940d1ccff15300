// Pitch, measured through the real path: patch, plan, engine, file.

import { describe, expect, test } from 'vitest';
import { decibels, peak } from '../measure/level.js';
import { centsBetween, measureFrequency } from '../measure/pitch.js';
import { spectrumOf } from '../measure/spectrum.js';
import { render, sampleRate, samplesOf } from './rendering.js';

const oscillators = ['sine', 'saw', 'square', 'triangle'];

const pitches = [
  { written: 'A4', frequency: 440 },
  { written: 'C2', frequency: 440 * 2 ** ((36 - 69) / 12) },
  { written: 'F#7+37', frequency: 440 * 2 ** ((102.37 - 69) / 12) },
];

/** One oscillator, softly enough for the limiter to let it pass. */
function oscillator(type: string, freq: string | number) {
  return {
    nodes: { tone: { type, freq }, out: { type: 'output', channels: 1 } },
    edges: [{ from: 'tone', to: 'out', gain: 0.5 }],
  };
}

describe.each(oscillators)('A %s', (type) => {
  test.each(pitches)('of $written has its pitch within a tenth of a cent', async ({ written, frequency }) => {
    const sound = await render(oscillator(type, written), { seconds: 10 });
    const measured = measureFrequency(samplesOf(sound, 0), frequency, sampleRate);
    expect(peak(samplesOf(sound, 0))).toBeGreaterThan(0.3);
    expect(Math.abs(centsBetween(frequency, measured))).toBeLessThan(0.1);
  });
});

describe('A saw near 2 kHz', () => {
  // Frequencies whose aliases do not fall upon their own harmonics.
  test.each([1993, 2003.5])('of %d Hz has no alias above -60 dB below 10 kHz', async (frequency) => {
    const sound = await render(oscillator('saw', frequency), { seconds: 1.5 });
    const { amplitudes, spacing, spread } = spectrumOf(samplesOf(sound, 0, 0, 65_536), sampleRate);
    const isHarmonic = (each: number) => Math.abs(each - Math.round(each / frequency) * frequency) <= spread;
    const largest = (among: (each: number) => boolean) =>
      Math.max(...amplitudes.filter((_, bin) => bin * spacing < 10_000 && among(bin * spacing)));
    const aliases = largest((each) => each > spread && !isHarmonic(each));
    const harmonics = largest((each) => each > frequency / 2 && isHarmonic(each));
    expect(decibels(aliases / harmonics)).toBeLessThan(-60);
  });
});
