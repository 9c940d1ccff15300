// Streamers that the clock device paces, for tests.

import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { LiveSettings, LiveStreamer } from '../../src/engine/live-streamer.js';
import { openLiveStreamer } from '../../src/engine/live-streamer.js';

/** A live streamer that is closed when the test has finished; its clock stands. */
export function opened(plan: Uint8Array, settings: Partial<LiveSettings> = {}): LiveStreamer {
  const opening = openLiveStreamer(plan, { block: 64, workers: 1, ...settings });
  if (!opening.ok) {
    throw new Error(opening.error.message);
  }
  onTestFinished(() => opening.streamer.close());
  return opening.streamer;
}

/** The same, with its clock started. */
export function playing(plan: Uint8Array, settings: Partial<LiveSettings> = {}): LiveStreamer {
  const streamer = opened(plan, settings);
  const outcome = streamer.startClock();
  if (!outcome.ok) {
    throw new Error(outcome.error.message);
  }
  return streamer;
}

/** Waits until so many frames are made. */
export async function made(streamer: LiveStreamer, frames: number): Promise<void> {
  for (const end = performance.now() + 20_000; streamer.status().made < frames; await pause(5)) {
    if (performance.now() > end) {
      throw new Error(`${streamer.status().made} frames are made, not ${frames}`);
    }
  }
}

/** Output frames that are made and kept. */
export function output(streamer: LiveStreamer, frame: number, frames: number): Float32Array {
  const samples = new Float32Array(frames * streamer.channels);
  const reading = streamer.readOutput(frame, samples);
  if (!reading.ok || reading.frames !== frames) {
    throw new Error(reading.ok ? `only ${reading.frames} of ${frames} frames` : reading.error.message);
  }
  return samples;
}
