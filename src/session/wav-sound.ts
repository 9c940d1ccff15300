// Sounds out of WAV files: PCM of 16, 24 and 32 bits, floats of 32 and 64.

import { readAtMost } from './bounded-read.js';
import type { Failed } from './failure.js';
import { failed } from './failure.js';
import { systemReason } from './system-error.js';

export interface WavSound {
  readonly sampleRate: number;
  readonly channels: number;
  readonly frames: number;
  /** Channel after channel; full scale is 1. */
  readonly samples: Float64Array;
}

/** Ten minutes of stereo floats fit. */
const mostBytes = 1 << 28;

/** Reads the first `mostFrames` frames. Failures: `unreadable_file`, `unfit_target` for what is no such sound. */
export async function readWavSound(
  path: string,
  mostFrames = Number.POSITIVE_INFINITY,
): Promise<{ readonly ok: true; readonly sound: WavSound } | Failed> {
  let bytes: Uint8Array;
  try {
    bytes = await readAtMost(path, mostBytes + 1);
  } catch (error) {
    return failed({ type: 'unreadable_file', path, reason: systemReason(error) });
  }
  const reading = bytes.length > mostBytes ? tooLong : parseWav(bytes, mostFrames);
  return typeof reading === 'string'
    ? failed({ type: 'unfit_target', path, message: reading })
    : { ok: true, sound: reading };
}

const tooLong = `the file is longer than ${mostBytes / (1 << 20)} MiB; a sound of some seconds fits`;
const notWav = 'it is not a WAV file';

interface Format {
  readonly code: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bits: number;
}

/** `fmt ` of a format with an extension has the true one in it (Microsoft, WAVEFORMATEXTENSIBLE). */
const extensible = 0xfffe;

/** The sound, or what is wrong with it. */
function parseWav(bytes: Uint8Array, mostFrames: number): WavSound | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || name(0) !== 'RIFF' || name(8) !== 'WAVE') {
    return notWav;
  }
  let format: Format | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const begin = at + 8;
    const length = Math.min(view.getUint32(at + 4, true), bytes.length - begin);
    if (name(at) === 'fmt ' && length >= 16) {
      const code = view.getUint16(begin, true);
      format = {
        code: code === extensible && length >= 26 ? view.getUint16(begin + 24, true) : code,
        channels: view.getUint16(begin + 2, true),
        sampleRate: view.getUint32(begin + 4, true),
        bits: view.getUint16(begin + 14, true),
      };
    } else if (name(at) === 'data') {
      return format === undefined
        ? 'it is no whole WAV file: its samples stand before their format'
        : readSamples(new DataView(view.buffer, view.byteOffset + begin, length), format, mostFrames);
    }
    at = begin + length + (length % 2);
  }
  return 'it is no whole WAV file: there are no samples in it';
}

function readSamples(
  view: DataView,
  { code, channels, sampleRate, bits }: Format,
  mostFrames: number,
): WavSound | string {
  const read = readers.get(`${code} ${bits}`);
  if (read === undefined || channels === 0) {
    return `its samples are of format ${code} with ${bits} bits; PCM of 16, 24 or 32 bits and floats of 32 or 64 fit`;
  }
  const sampleBytes = bits / 8;
  const frames = Math.min(mostFrames, Math.floor(view.byteLength / (sampleBytes * channels)));
  const samples = new Float64Array(frames * channels);
  for (let frame = 0; frame < frames; frame++) {
    for (let channel = 0; channel < channels; channel++) {
      samples[channel * frames + frame] = read(view, (frame * channels + channel) * sampleBytes);
    }
  }
  return samples.every(Number.isFinite)
    ? { sampleRate, channels, frames, samples }
    : 'it has samples that are not finite';
}

/** By format code and bits. */
const readers: ReadonlyMap<string, (view: DataView, at: number) => number> = new Map([
  ['1 16', (view, at) => view.getInt16(at, true) / 2 ** 15],
  ['1 24', (view, at) => (view.getInt16(at + 1, true) * 256 + view.getUint8(at)) / 2 ** 23],
  ['1 32', (view, at) => view.getInt32(at, true) / 2 ** 31],
  ['3 32', (view, at) => view.getFloat32(at, true)],
  ['3 64', (view, at) => view.getFloat64(at, true)],
]);
