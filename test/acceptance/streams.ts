// Patches that a test writes, played by the streamer with timed events: the samples of a mono output, from stream frame 0 on.

import type { StreamEvent } from '../../src/engine/event.js';
import type { PatchSketch } from '../engine/running.js';
import { planBytes, running, takeFrames } from '../engine/running.js';

/** What makes no difference to any bit: what a law is tried with. */
export const everyCut = [1, 64, 100, 1024].flatMap((block) => [1, 3].map((workers) => ({ block, workers })));

/** How a patch is played. */
export interface Playing {
  readonly frames: number;
  readonly events?: readonly StreamEvent[];
  readonly block?: number;
  readonly workers?: number;
}

/** The frames that a mono patch makes; the look-ahead of the limiter is cut off. */
export async function streamOf(
  sketch: PatchSketch,
  { frames, events = [], block = 64, workers = 1 }: Playing,
): Promise<Float32Array> {
  const streamer = running(planBytes(sketch), { block, workers });
  for (const event of events) {
    const posting = streamer.post(event);
    if (!posting.ok) {
      throw new Error(posting.error.message);
    }
  }
  const samples = await takeFrames(streamer, streamer.latency + frames);
  return samples.subarray(streamer.latency);
}

/** The first frame that differs; -1 if none does. */
export function firstDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const frames = Math.max(one.length, other.length);
  for (let frame = 0; frame < frames; frame += 1) {
    if (one[frame] !== other[frame]) {
      return frame;
    }
  }
  return -1;
}
