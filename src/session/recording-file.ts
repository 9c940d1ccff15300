// A recording on disk, of a length that nobody knows yet. Whatever happens to the process, what was written is a whole
// WAV file beside the place that it was meant for.

import type { FileHandle } from 'node:fs/promises';
import { open, rename, rm } from 'node:fs/promises';
import type { Failed } from './failure.js';
import { failed } from './failure.js';
import type { Writing } from './replacement-file.js';
import { findReplaceable } from './replacement-file.js';
import { systemReason } from './system-error.js';
import { largestWavFrames, wavHeader, wavHeaderLength } from './wav-file.js';

interface SoundFormat {
  readonly channels: number;
  readonly sampleRate: number;
}

const sampleBytes = 4;

/** Milliseconds of sound that a crash of the machine may take. */
const settleInterval = 1000;

/** `OUT.wav.part` while it is written; `commit` gives it its name. Nothing ever removes it but `discard`. */
export class RecordingFile {
  readonly #path: string;
  readonly #target: string;
  readonly #partPath: string;
  readonly #handle: FileHandle;
  readonly #format: SoundFormat;
  #frames = 0;
  #settledAt = performance.now();

  private constructor(path: string, target: string, partPath: string, handle: FileHandle, format: SoundFormat) {
    this.#path = path;
    this.#target = target;
    this.#partPath = partPath;
    this.#handle = handle;
    this.#format = format;
  }

  /** Begins a recording that must be none of the `inputs`, which exist. Failures: `unwritable_file`. */
  static async create(
    path: string,
    format: SoundFormat,
    inputs: readonly string[],
  ): Promise<{ readonly ok: true; readonly file: RecordingFile } | Failed> {
    try {
      const target = await findReplaceable(path, inputs);
      if (!target.ok) {
        return target;
      }
      const { partPath, handle } = await openPart(target.path);
      const file = new RecordingFile(path, target.path, partPath, handle, format);
      const settling = await file.settle();
      if (!settling.ok) {
        await file.discard();
        return settling;
      }
      return { ok: true, file };
    } catch (error) {
      return unwritable(path, error);
    }
  }

  /** Where the sound is until `commit`. */
  get partPath(): string {
    return this.#partPath;
  }

  /** Frames in the file. */
  get frames(): number {
    return this.#frames;
  }

  /** Frames that the format has room for. */
  get room(): number {
    return largestWavFrames(this.#format.channels) - this.#frames;
  }

  /** Appends whole frames, channels side by side. Failures: `unwritable_file`; what was there before stays whole. */
  async append(samples: Float32Array): Promise<Writing> {
    const frameBytes = this.#format.channels * sampleBytes;
    const start = wavHeaderLength + this.#frames * frameBytes;
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    let written = 0;
    try {
      while (written < bytes.length) {
        written += (await this.#handle.write(bytes, written, bytes.length - written, start + written)).bytesWritten;
      }
      return { ok: true };
    } catch (error) {
      return unwritable(this.#path, error);
    } finally {
      this.#frames += Math.floor(written / frameBytes);
    }
  }

  /** Settles what was appended if the last time was a while ago. Failures: `unwritable_file`. */
  async settleInTime(): Promise<Writing> {
    return performance.now() - this.#settledAt < settleInterval ? { ok: true } : this.settle();
  }

  /** Makes the header say how many frames there are, and the disk keep them. Failures: `unwritable_file`. */
  async settle(): Promise<Writing> {
    try {
      const header = wavHeader({ ...this.#format, frames: this.#frames });
      await this.#handle.write(header, 0, header.length, 0);
      await this.#handle.datasync();
      this.#settledAt = performance.now();
      return { ok: true };
    } catch (error) {
      return unwritable(this.#path, error);
    }
  }

  /** Gives the recording its name, in place of a file that had it before. Failures: `unwritable_file`; the part stays. */
  async commit(): Promise<Writing> {
    try {
      // A frame that was cut short by a full disk is no frame.
      await this.#handle.truncate(wavHeaderLength + this.#frames * this.#format.channels * sampleBytes);
      const settling = await this.settle();
      await this.#handle.close();
      if (settling.ok) {
        await rename(this.#partPath, this.#target);
      }
      return settling;
    } catch (error) {
      return unwritable(this.#path, error);
    }
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#partPath, { force: true }).catch(() => undefined);
  }
}

/** A new file beside the target; one that an earlier process left is somebody's recording, and stays. */
async function openPart(target: string): Promise<{ readonly partPath: string; readonly handle: FileHandle }> {
  for (let count = 1; ; count++) {
    const partPath = `${target}${count === 1 ? '' : `.${count}`}.part`;
    try {
      return { partPath, handle: await open(partPath, 'wx+') };
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!isTaken) {
        throw error;
      }
    }
  }
}

function unwritable(path: string, error: unknown): Failed {
  return failed({ type: 'unwritable_file', path, reason: systemReason(error) });
}
