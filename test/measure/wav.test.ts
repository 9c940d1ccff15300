import { describe, expect, test } from 'vitest';
import { readWav } from './wav.js';

/** A file with the chunks given, each as its name and its 16-bit and 32-bit words. */
function riff(...chunks: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const word = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);
  const text = (letters: string) => new TextEncoder().encode(letters);
  const body = [text('WAVE'), ...chunks.flatMap(([name, content]) => [text(name), word(content.length), content])];
  const length = body.reduce((sum, part) => sum + part.length, 0);
  return new Uint8Array(Buffer.concat([text('RIFF'), word(length), ...body]));
}

function format({ tag = 3, channels = 2, bits = 32 } = {}): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, tag, true);
  view.setUint16(2, channels, true);
  view.setUint32(4, 48_000, true);
  view.setUint16(14, bits, true);
  return bytes;
}

const samples = (...values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer);

describe('A WAV file', () => {
  test('gives the samples of each channel', () => {
    const { sampleRate, channels, frames } = readWav(riff(['fmt ', format()], ['data', samples(1, 2, 3, 4, 5, 6)]));
    expect({ sampleRate, frames }).toEqual({ sampleRate: 48_000, frames: 3 });
    expect(channels.map((channel) => [...channel])).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ]);
  });

  test('may have other chunks', () => {
    const file = riff(['fmt ', format({ channels: 1 })], ['fact', samples(0)], ['data', samples(0.5)]);
    expect([...(readWav(file).channels[0] ?? [])]).toEqual([0.5]);
  });

  test.each([
    ['is cut off', riff(['fmt ', format()], ['data', samples(1, 2)]).subarray(0, -1), 'announces'],
    ['is no RIFF file', new Uint8Array(64), 'not a RIFF file'],
    ['holds integers', riff(['fmt ', format({ tag: 1, bits: 16 })], ['data', samples(1, 2)]), 'not 32-bit floats'],
    ['holds no whole frames', riff(['fmt ', format()], ['data', samples(1, 2, 3)]), 'not whole frames'],
    ['has no samples', riff(['fmt ', format()]), 'no samples'],
  ])('is refused where it %s', (_, file, reason) => {
    expect(() => readWav(file)).toThrow(reason);
  });
});
