// Draws the frames of a stream as fast as they can be made.

import type { AmpGraphStreamer } from '../engine/streamer.js';
import type { Failed } from './failure.js';
import { failed } from './failure.js';
import type { StreamSegment } from './segment-feed.js';
import { SegmentFeed } from './segment-feed.js';

export type Done = { readonly ok: true } | Failed;

export interface OfflineStream {
  readonly streamer: AmpGraphStreamer;
  /** Of the streamer, in frames. */
  readonly block: number;
  readonly segments: readonly StreamSegment[];
  /** Stream frames to draw, from frame 0 on. */
  readonly frames: number;
  readonly signal?: AbortSignal | undefined;
  /** Gets the frames in order, channels side by side; the array is its own until it has resolved. */
  readonly sink: (samples: Float32Array) => Promise<Done>;
}

/** The first chunk is small because nobody knows yet how long it takes; an interruption waits for one chunk. */
const firstChunk = 1024;
const largestChunk = 16_384;
const leastChunk = 64;
const shortTake = 50;
const longTake = 200;

/**
 * Draws frames and hands them to the sink, while the next ones are made. The output is later than the stream by the
 * limiter's look-ahead: as many frames are dropped at the start, so the first frame of the sink is stream frame 0.
 * Failures: `engine`, `interrupted`, and what the sink fails with.
 */
export async function drawFrames({ streamer, block, segments, frames, signal, sink }: OfflineStream): Promise<Done> {
  const { channels, latency } = streamer;
  const feed = new SegmentFeed(streamer, segments, block);
  const buffers = [new Float32Array(largestChunk * channels), new Float32Array(largestChunk * channels)] as const;
  const end = latency + frames;
  let chunk = firstChunk;
  let sinking: Promise<Done> = Promise.resolve({ ok: true });
  for (let taken = 0, turn = 0; taken < end; turn++) {
    const feeding = await feed.feed(taken, Math.min(chunk, end - taken));
    if (!feeding.ok) {
      await sinking;
      return failed({ type: 'engine', error: feeding.error });
    }
    const samples = buffers[turn % 2 === 0 ? 0 : 1].subarray(0, feeding.frames * channels);
    const start = performance.now();
    const taking = await streamer.take(samples);
    chunk = nextChunk(chunk, performance.now() - start);
    const sunk = await sinking;
    if (!taking.ok || !sunk.ok) {
      return taking.ok ? sunk : failed({ type: 'engine', error: taking.error });
    }
    if (signal?.aborted) {
      return failed({ type: 'interrupted' });
    }
    const dropped = Math.min(Math.max(latency - taken, 0), feeding.frames);
    sinking = sink(samples.subarray(dropped * channels));
    taken += feeding.frames;
  }
  const sunk = await sinking;
  const checking = feed.check();
  return sunk.ok && !checking.ok ? failed({ type: 'engine', error: checking.error }) : sunk;
}

function nextChunk(chunk: number, milliseconds: number): number {
  if (milliseconds > longTake) {
    return Math.max(leastChunk, Math.floor(chunk / 2));
  }
  return milliseconds < shortTake ? Math.min(largestChunk, chunk * 2) : chunk;
}
