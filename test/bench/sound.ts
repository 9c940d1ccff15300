// Rendered sound, read back and measured.

import { readFileSync } from 'node:fs';

/** Samples of one channel. */
export type Channel = Float32Array;

const bytesInSample = 4;

/** Reads 32-bit floats, plain or in a WAV file, channels side by side. */
export function readSound(path: string, channels: number): readonly Channel[] {
  const bytes = readFileSync(path);
  const data = bytes.toString('latin1', 0, 4) === 'RIFF' ? waveData(bytes) : bytes;
  const frames = Math.floor(data.length / (bytesInSample * channels));
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length: frames }, (_, frame) => data.readFloatLE((frame * channels + channel) * bytesInSample)),
  );
}

/** The content of the chunk `data`. */
function waveData(bytes: Buffer): Buffer {
  let offset = 12;
  while (offset + 8 <= bytes.length) {
    const length = bytes.readUInt32LE(offset + 4);
    const start = offset + 8;
    if (bytes.toString('latin1', offset, offset + 4) === 'data') {
      return bytes.subarray(start, start + length);
    }
    offset = start + length + (length % 2);
  }
  return bytes.subarray(bytes.length);
}

export function rootMeanSquare(samples: Channel): number {
  const sum = samples.reduce((total, sample) => total + sample * sample, 0);
  return Math.sqrt(sum / samples.length);
}

/** The amplitudes of some frequencies, in turns a frame, under a Hann window over all samples. */
export function amplitudesAt(samples: Channel, frequencies: readonly number[]): readonly number[] {
  const { length } = samples;
  const weighted = Float64Array.from(samples, (sample, frame) => {
    return sample * (1 - Math.cos((2 * Math.PI * frame) / length));
  });
  return frequencies.map((frequency) => (2 * magnitudeAt(weighted, frequency)) / length);
}

/** Of the Fourier sum at one frequency, by Goertzel's recursion. */
function magnitudeAt(samples: Float64Array, frequency: number): number {
  const factor = 2 * Math.cos(2 * Math.PI * frequency);
  let last = 0;
  let beforeLast = 0;
  for (const sample of samples) {
    const next = sample + factor * last - beforeLast;
    beforeLast = last;
    last = next;
  }
  return Math.sqrt(last * last + beforeLast * beforeLast - factor * last * beforeLast);
}

/** The level of one amplitude against another. */
export function decibels(amplitude: number, reference: number): number {
  return 20 * Math.log10(amplitude / reference);
}
