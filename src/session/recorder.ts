// Records what a stream makes: every frame, also those that no device played.

import type { LiveStreamer } from '../engine/live-streamer.js';
import type { Failed, Failure } from './failure.js';
import { RecordingFile } from './recording-file.js';
import { SignalMeter } from './signal-meter.js';
import type { RecordingStatus } from './status.js';

/** What a recorder reads: made frames, without taking them from the device. */
export type RecordedStream = Pick<LiveStreamer, 'channels' | 'latency' | 'sampleRate' | 'readOutput'>;

export interface RecordingRequest {
  readonly path: string;
  /** Files that it must not replace. */
  readonly inputs: readonly string[];
  /** Length at most, in frames, if that is known. */
  readonly frames?: number | undefined;
  /** Told when it ends before it was asked to. */
  readonly onNotice: (text: string) => void;
}

export interface RecordingEnding extends RecordingStatus {
  /** Of the samples as they stand in the file. */
  readonly sha256: string;
  /** The largest magnitude; full scale is 1. */
  readonly peak: number;
}

const interval = 50;
const chunkFrames = 16_384;

/** Its first frame is stream frame 0. Reads far behind what is made, so that a slow disk harms no sound. */
export class Recorder {
  readonly #stream: RecordedStream;
  readonly #file: RecordingFile;
  readonly #path: string;
  readonly #onNotice: (text: string) => void;
  readonly #samples: Float32Array;
  readonly #meter = new SignalMeter();
  readonly #timer: NodeJS.Timeout;
  /** The next output frame to record. */
  #position: number;
  #end: number;
  #error: string | undefined;
  #isOver = false;
  #pumping: Promise<void> = Promise.resolve();
  #isPumping = false;

  private constructor(stream: RecordedStream, file: RecordingFile, { path, frames, onNotice }: RecordingRequest) {
    this.#stream = stream;
    this.#file = file;
    this.#path = path;
    this.#onNotice = onNotice;
    this.#samples = new Float32Array(chunkFrames * stream.channels);
    this.#position = stream.latency;
    this.#end = stream.latency + (frames ?? Number.POSITIVE_INFINITY);
    this.#timer = setInterval(() => this.#pump(), interval);
  }

  /** Begins to record. Failures: `unwritable_file`. */
  static async start(
    stream: RecordedStream,
    request: RecordingRequest,
  ): Promise<{ readonly ok: true; readonly recorder: Recorder } | Failed> {
    const creating = await RecordingFile.create(request.path, stream, request.inputs);
    return creating.ok ? { ok: true, recorder: new Recorder(stream, creating.file, request) } : creating;
  }

  status(): RecordingStatus {
    const { frames } = this.#file;
    return {
      path: this.#path,
      frames,
      seconds: frames / this.#stream.sampleRate,
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  /** Records up to the output frame `end`, the last that is made or one that was agreed on, and gives the file its name. */
  async finish(end: number): Promise<RecordingEnding> {
    clearInterval(this.#timer);
    this.#end = Math.min(this.#end, end);
    await this.#pumping;
    this.#pump();
    await this.#pumping;
    await this.#complete();
    return { ...this.status(), sha256: this.#meter.sha256(), peak: this.#meter.peak };
  }

  /** Ends without a file, when nothing was played. */
  async discard(): Promise<void> {
    clearInterval(this.#timer);
    this.#isOver = true;
    await this.#pumping;
    await this.#file.discard();
  }

  #pump(): void {
    if (!this.#isPumping && !this.#isOver) {
      this.#isPumping = true;
      this.#pumping = this.#record().finally(() => {
        this.#isPumping = false;
      });
    }
  }

  async #record(): Promise<void> {
    while (!this.#isOver) {
      const most = Math.min(chunkFrames, this.#end - this.#position, this.#file.room);
      if (most === 0) {
        return this.#position === this.#end ? undefined : this.#break('a WAV file holds no more than 4 GiB');
      }
      const reading = this.#stream.readOutput(this.#position, this.#samples.subarray(0, most * this.#stream.channels));
      if (!reading.ok) {
        const isTooSlow = reading.error.code === 'not_found';
        return this.#break(isTooSlow ? 'the disk is too slow' : reading.error.message);
      }
      if (reading.frames === 0) {
        break;
      }
      const failure = await this.#append(this.#samples.subarray(0, reading.frames * this.#stream.channels));
      if (failure !== undefined) {
        return this.#break(reasonOf(failure));
      }
    }
    const settling = this.#isOver ? undefined : await this.#file.settleInTime();
    return settling?.ok === false ? this.#break(reasonOf(settling.failure)) : undefined;
  }

  async #append(samples: Float32Array): Promise<Failure | undefined> {
    const before = this.#file.frames;
    const writing = await this.#file.append(samples);
    const written = samples.subarray(0, (this.#file.frames - before) * this.#stream.channels);
    this.#meter.add(written, new Uint8Array(written.buffer, written.byteOffset, written.byteLength));
    this.#position += this.#file.frames - before;
    return writing.ok ? undefined : writing.failure;
  }

  /** Ends the recording early, whole as far as it goes. */
  async #break(reason: string): Promise<void> {
    this.#error = reason;
    await this.#complete();
    const seconds = this.status().seconds.toFixed(1);
    this.#onNotice(`the recording ends at ${seconds} s, whole so far: ${reason}; the sound goes on`);
  }

  async #complete(): Promise<void> {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    clearInterval(this.#timer);
    const committing = await this.#file.commit();
    if (!committing.ok) {
      this.#error = `${reasonOf(committing.failure)}; the sound is in ${this.#file.partPath}`;
      this.#onNotice(`the recording did not get its name: ${this.#error}`);
    }
  }
}

function reasonOf(failure: Failure): string {
  return failure.type === 'unwritable_file' ? failure.reason : failure.type;
}
