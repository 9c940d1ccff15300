// The measures that other tests lean on, checked against signals of which everything is known.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findClicks } from './clicks.js';
import { decibels, largestJump, mean, peak, rms } from './level.js';
import { centsBetween, loudestFrequency, measureFrequency } from './pitch.js';
import { amplitudeAt, powerBetween, spectrumOf } from './spectrum.js';
import { findStretches } from './stretches.js';

const sampleRate = 48_000;

function tone(length: number, frequency: number, amplitude = 1, turns = 0): Float64Array {
  return Float64Array.from({ length }, (_, frame) => {
    return amplitude * Math.sin(2 * Math.PI * (turns + (frequency * frame) / sampleRate));
  });
}

function sum(...signals: readonly Float64Array[]): Float64Array {
  return Float64Array.from(signals[0] ?? [], (_, frame) =>
    signals.reduce((total, each) => total + (each[frame] ?? 0), 0),
  );
}

const audible = fc.double({ min: 100, max: 15_000, noNaN: true });
const phase = fc.double({ min: 0, max: 1, noNaN: true });

describe('Levels', () => {
  test('a sine of amplitude 1 has an RMS level of -3.01 dB', () => {
    expect(decibels(rms(tone(48_000, 100)))).toBeCloseTo(-3.0103, 4);
  });

  test('the peak is the largest magnitude, on either side', () => {
    expect(peak(Float64Array.of(0.5, -0.75, 0.25))).toBe(0.75);
  });

  test('a sample that is not a number shows in the peak', () => {
    expect(peak(Float64Array.of(0.5, Number.NaN, 0.25))).toBeNaN();
  });

  test('the mean is what stands still', () => {
    expect(mean(Float64Array.of(1, -0.5, 0.25, 0.25))).toBe(0.25);
  });

  test('the largest jump is from a sample to its neighbour', () => {
    expect(largestJump(Float64Array.of(0.5, 0.75, -0.25, 0))).toBe(1);
  });
});

describe('A tone among others', () => {
  test('has the amplitude it was given', () => {
    fc.assert(
      fc.property(audible, phase, (frequency, turns) => {
        const signal = sum(tone(9600, frequency, 0.01, turns), tone(9600, frequency + 1000, 1));
        expect(amplitudeAt(signal, frequency, sampleRate)).toBeCloseTo(0.01, 4);
      }),
      { numRuns: 20 },
    );
  });

  test('has the frequency it was given, to a thousandth of a cent', () => {
    fc.assert(
      fc.property(audible, phase, fc.double({ min: -0.4, max: 0.4, noNaN: true }), (expected, turns, off) => {
        const signal = sum(tone(48_000, expected + off, 0.3, turns), tone(48_000, 2 * expected, 0.5));
        const measured = measureFrequency(signal, expected, sampleRate);
        expect(Math.abs(centsBetween(expected + off, measured))).toBeLessThan(0.001);
      }),
      { numRuns: 20 },
    );
  });
});

test('the loudest tone is found among softer ones, to a tenth of a cent', () => {
  fc.assert(
    fc.property(audible, phase, (frequency, turns) => {
      const signal = sum(tone(10_000, frequency, 0.3, turns), tone(10_000, 2 * frequency, 0.1), tone(10_000, 60, 0.01));
      expect(Math.abs(centsBetween(frequency, loudestFrequency(signal, sampleRate)))).toBeLessThan(0.1);
    }),
    { numRuns: 20 },
  );
});

describe('Stretches of sound', () => {
  const silent = (length: number) => new Float64Array(length);
  const joined = (...parts: readonly Float64Array[]) => Float64Array.from(parts.flatMap((part) => [...part]));

  test('begin and end where the signal does', () => {
    const constant = new Float64Array(300).fill(0.5);
    const signal = joined(
      silent(1000),
      constant,
      silent(2000),
      constant.map((sample) => -sample),
      silent(10),
    );
    expect(findStretches(signal, 0.1, 500)).toEqual([
      { begin: 1000, end: 1300 },
      { begin: 3300, end: 3600 },
    ]);
  });

  test('are not broken by a tone that passes through 0', () => {
    expect(findStretches(joined(silent(100), tone(4800, 100), silent(100)), 0.01, 100)).toHaveLength(1);
  });

  test('are none where there is silence', () => {
    expect(findStretches(silent(1000), 0, 1)).toEqual([]);
  });
});

describe('A spectrum', () => {
  test('shows each tone at its place, and next to nothing elsewhere', () => {
    const signal = sum(tone(8192, 1003, 0.5), tone(8192, 7001, 0.001));
    const { spacing, spread, amplitudes } = spectrumOf(signal, sampleRate);
    const largestNear = (frequency: number) =>
      Math.max(...amplitudes.filter((_, bin) => Math.abs(bin * spacing - frequency) <= spread));
    const elsewhere = Math.max(
      ...amplitudes.filter((_, bin) => [1003, 7001].every((each) => Math.abs(bin * spacing - each) > spread)),
    );
    expect(largestNear(1003)).toBeCloseTo(0.5, 1);
    expect(decibels(largestNear(7001) / 0.001)).toBeCloseTo(0, 0);
    expect(decibels(elsewhere / 0.5)).toBeLessThan(-85);
  });

  test('gives the power of a band', () => {
    const signal = sum(tone(8192, 1000, 1), tone(8192, 5000, 0.1));
    const ratio = powerBetween(signal, 4000, 6000, sampleRate) / powerBetween(signal, 500, 2000, sampleRate);
    expect(10 * Math.log10(ratio)).toBeCloseTo(-20, 1);
  });

  test('wants a power of two', () => {
    expect(() => spectrumOf(new Float64Array(1000), sampleRate)).toThrow('not a power of two');
  });
});

describe('Clicks', () => {
  const chord = sum(tone(24_000, 220, 0.2), tone(24_000, 880, 0.1), tone(24_000, 6000, 0.05));
  const untouched = chord.map((sample, frame) => sample * Math.sin((Math.PI * frame) / 24_000) ** 2);

  test('are not found where tones swell and fade', () => {
    expect(findClicks(untouched)).toEqual([]);
  });

  test('are found where the signal is cut, even softly', () => {
    const cut = untouched.map((sample, frame) => (frame < 12_000 ? sample : sample + 0.003));
    expect(findClicks(cut).map(({ frame }) => Math.round(frame / 100) * 100)).toContain(12_000);
  });
});
