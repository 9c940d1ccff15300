import { describe, expect, test } from 'vitest';
import { readWavSound } from '../../src/session/wav-sound.js';
import { makeTemporaryFolder } from '../temporary-folder.js';

interface Written {
  readonly code: number;
  readonly bits: number;
  readonly channels: number;
  readonly put: (view: DataView, at: number, sample: number) => void;
  readonly isExtensible?: boolean;
}

/** A file with a chunk that nobody needs before its samples, by the format's own description. */
function wav({ code, bits, channels, put, isExtensible = false }: Written, samples: readonly number[]): Uint8Array {
  const formatLength = isExtensible ? 40 : 16;
  const dataAt = 12 + 8 + formatLength + 8 + 4;
  const bytes = new Uint8Array(dataAt + 8 + (samples.length * bits) / 8);
  const view = new DataView(bytes.buffer);
  const text = (at: number, letters: string) => bytes.set(new TextEncoder().encode(letters), at);
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, formatLength, true);
  view.setUint16(20, isExtensible ? 0xfffe : code, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, 44_100, true);
  view.setUint16(34, bits, true);
  if (isExtensible) {
    view.setUint16(44, code, true);
  }
  text(20 + formatLength, 'note');
  view.setUint32(24 + formatLength, 3, true);
  text(dataAt, 'data');
  view.setUint32(dataAt + 4, (samples.length * bits) / 8, true);
  samples.forEach((sample, place) => {
    put(view, dataAt + 8 + (place * bits) / 8, sample);
  });
  return bytes;
}

const formats: Readonly<Record<string, Written>> = {
  'PCM of 16 bits': { code: 1, bits: 16, channels: 2, put: (view, at, x) => view.setInt16(at, x * 2 ** 15, true) },
  'PCM of 24 bits': {
    code: 1,
    bits: 24,
    channels: 2,
    put: (view, at, x) => {
      view.setUint8(at, (x * 2 ** 23) & 0xff);
      view.setInt16(at + 1, (x * 2 ** 23) >> 8, true);
    },
  },
  'PCM of 32 bits': { code: 1, bits: 32, channels: 2, put: (view, at, x) => view.setInt32(at, x * 2 ** 31, true) },
  'floats of 32 bits': { code: 3, bits: 32, channels: 2, put: (view, at, x) => view.setFloat32(at, x, true) },
  'floats of 64 bits': { code: 3, bits: 64, channels: 2, put: (view, at, x) => view.setFloat64(at, x, true) },
  'an extensible format': {
    code: 1,
    bits: 16,
    channels: 2,
    isExtensible: true,
    put: (view, at, x) => view.setInt16(at, x * 2 ** 15, true),
  },
};

describe('a WAV file', () => {
  test.each(Object.keys(formats))('is read channel after channel: %s', async (name) => {
    const format = formats[name];
    const bytes = format === undefined ? new Uint8Array() : wav(format, [0.5, -0.25, 0.125, -0.75, 0, -1]);
    const reading = await readWavSound(makeTemporaryFolder().write('x.wav', bytes));
    expect(reading).toEqual({
      ok: true,
      sound: { sampleRate: 44_100, channels: 2, frames: 3, samples: Float64Array.of(0.5, 0.125, 0, -0.25, -0.75, -1) },
    });
  });

  test('is read no further than asked', async () => {
    const format = formats['floats of 32 bits'];
    const bytes = format === undefined ? new Uint8Array() : wav(format, [1, 2, 3, 4, 5, 6]);
    const reading = await readWavSound(makeTemporaryFolder().write('x.wav', bytes), 2);
    expect(reading).toMatchObject({ ok: true, sound: { frames: 2, samples: Float64Array.of(1, 3, 2, 4) } });
  });

  test.each([
    ['of 8 bits', { code: 1, bits: 8, channels: 1, put: () => undefined }, [0], 'format 1 with 8 bits'],
    [
      'that is not finite',
      { code: 3, bits: 32, channels: 1, put: (view: DataView, at: number, x: number) => view.setFloat32(at, x, true) },
      [Number.NaN],
      'not finite',
    ],
  ] as const)('%s is refused', async (_, format, samples, message) => {
    const reading = await readWavSound(makeTemporaryFolder().write('x.wav', wav(format, samples)));
    expect(reading).toMatchObject({
      ok: false,
      failure: { type: 'unfit_target', message: expect.stringContaining(message) },
    });
  });
});
