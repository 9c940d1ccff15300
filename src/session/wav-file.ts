// WAV files of 32-bit floats, streamed to disk.

import type { Failed } from './failure.js';
import { failed } from './failure.js';
import type { Writing } from './replacement-file.js';
import { ReplacementFile } from './replacement-file.js';

export interface WavFormat {
  readonly channels: number;
  readonly sampleRate: number;
  readonly frames: number;
}

const sampleBytes = 4;
const floatFormat = 3;

/** Contents of the chunks `fmt ` (with an empty extension, which formats other than PCM have) and `fact`. */
const formatLength = 18;
const factLength = 4;
const chunkHeaderLength = 8;

/** Of everything before the first sample. */
export const wavHeaderLength =
  12 + chunkHeaderLength + formatLength + chunkHeaderLength + factLength + chunkHeaderLength;

/** The RIFF chunk counts its content in 32 bits. */
const largestRiffLength = 0xffff_ffff;

/** The most frames that a WAV file of so many channels holds. */
export function largestWavFrames(channels: number): number {
  return Math.floor((largestRiffLength - (wavHeaderLength - chunkHeaderLength)) / (channels * sampleBytes));
}

/** Everything before the first sample: IBM and Microsoft, "Multimedia Programming Interface and Data Specifications 1.0". */
export function wavHeader({ channels, sampleRate, frames }: WavFormat): Uint8Array {
  const frameBytes = channels * sampleBytes;
  const dataLength = frames * frameBytes;
  const bytes = new Uint8Array(wavHeaderLength);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const text = (letters: string) => {
    for (const letter of letters) {
      view.setUint8(at++, letter.charCodeAt(0));
    }
  };
  const u16 = (value: number) => {
    view.setUint16(at, value, true);
    at += 2;
  };
  const u32 = (value: number) => {
    view.setUint32(at, value, true);
    at += 4;
  };
  text('RIFF');
  u32(wavHeaderLength - chunkHeaderLength + dataLength);
  text('WAVEfmt ');
  u32(formatLength);
  u16(floatFormat);
  u16(channels);
  u32(sampleRate);
  u32(sampleRate * frameBytes);
  u16(frameBytes);
  u16(sampleBytes * 8);
  u16(0);
  text('fact');
  u32(factLength);
  u32(frames);
  text('data');
  u32(dataLength);
  return bytes;
}

/** A WAV file whose length is known before it is written; it appears under its name when `commit` succeeds. */
export class WavFile {
  readonly #file: ReplacementFile;

  private constructor(file: ReplacementFile) {
    this.#file = file;
  }

  /** It must be none of the `inputs`, which exist. Failures: `unwritable_file`, also for what is too long for the format. */
  static async create(
    path: string,
    format: WavFormat,
    inputs: readonly string[] = [],
  ): Promise<{ readonly ok: true; readonly file: WavFile } | Failed> {
    const largest = largestWavFrames(format.channels);
    if (format.frames > largest) {
      const seconds = Math.floor(largest / format.sampleRate);
      const asked = `${format.frames} frames of ${format.channels} channels are more than the 4 GiB of a WAV file`;
      return failed({
        type: 'unwritable_file',
        path,
        reason: `${asked}; at most ${largest} frames (${seconds} s) fit`,
      });
    }
    const creating = await ReplacementFile.create(path, inputs);
    if (!creating.ok) {
      return creating;
    }
    const writing = await creating.file.append(wavHeader(format));
    if (!writing.ok) {
      await creating.file.discard();
      return writing;
    }
    return { ok: true, file: new WavFile(creating.file) };
  }

  /** Appends frames, as bytes of little-endian floats, channels side by side. Failures: `unwritable_file`. */
  append(bytes: Uint8Array): Promise<Writing> {
    return this.#file.append(bytes);
  }

  /** Gives the file its name. Failures: `unwritable_file`; nothing is left then. */
  commit(): Promise<Writing> {
    return this.#file.commit();
  }

  /** Leaves nothing behind. */
  discard(): Promise<void> {
    return this.#file.discard();
  }
}
