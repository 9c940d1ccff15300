// Plans and streamers for tests of what runs: the real compiler, the real engine.

import { onTestFinished } from 'vitest';
import type { AmpGraphStreamer, StreamerSettings } from '../../src/engine/streamer.js';
import { openStreamer } from '../../src/engine/streamer.js';
import { formatDiagnostic } from '../../src/patch/diagnostic.js';
import { readPatch } from '../../src/patch/read.js';
import { encodePlan } from '../../src/plan/binary/encode.js';
import { compilePlan } from '../../src/plan/compile.js';
import type { Plan } from '../../src/plan/plan.js';

/** A patch as data; the test's own. */
export type PatchSketch = {
  readonly nodes: Readonly<Record<string, object>>;
  readonly edges?: readonly object[];
  readonly gates?: Readonly<Record<string, object>>;
};

/** The plan of a patch that must compile. */
export function planOf(sketch: PatchSketch, sampleRate = 48_000): Plan {
  const reading = readPatch(JSON.stringify({ amp: 1, edges: [], ...sketch }), 'sketch.jsonc');
  const result = reading.ok ? compilePlan(reading.patch, { sampleRate }) : reading;
  if (!result.ok) {
    throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  }
  return result.plan;
}

export function planBytes(sketch: PatchSketch, sampleRate = 48_000): Uint8Array {
  return encodePlan(planOf(sketch, sampleRate));
}

/** A streamer that is closed when the test has finished. */
export function running(plan: Uint8Array, settings: Partial<StreamerSettings> = {}): AmpGraphStreamer {
  const opening = openStreamer(plan, { block: 64, workers: 1, ...settings });
  if (!opening.ok) {
    throw new Error(opening.error.message);
  }
  onTestFinished(() => opening.streamer.close());
  return opening.streamer;
}

/** The next frames of a stream. */
export async function takeFrames(streamer: AmpGraphStreamer, frames: number): Promise<Float32Array> {
  const samples = new Float32Array(frames * streamer.channels);
  const outcome = await streamer.take(samples);
  if (!outcome.ok) {
    throw new Error(outcome.error.message);
  }
  return samples;
}

/** The largest magnitude among samples. */
export function peakOf(samples: Float32Array): number {
  return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
}

/** A mono sine at a quarter of full scale. */
export const quietSine: PatchSketch = {
  nodes: {
    sine: { type: 'sine', freq: 1000 },
    level: { type: 'gain', gain: 0.25 },
    out: { type: 'output', channels: 1 },
  },
  edges: [
    { from: 'sine', to: 'level' },
    { from: 'level', to: 'out' },
  ],
};

/** One tap of a keys node sets how loud its voices' sines are; without voices it is silent. */
export function loudnessBy(tap: string): PatchSketch {
  return {
    nodes: {
      keys: { type: 'keys', voices: 4 },
      sine: { type: 'sine', freq: 1000, voices_of: 'keys' },
      level: { type: 'gain', gain: 0 },
      out: { type: 'output', channels: 1 },
    },
    edges: [
      { from: 'sine', to: 'level' },
      { from: `keys.${tap}`, to: 'level.gain', depth: 0.25 },
      { from: 'level', to: 'out' },
    ],
  };
}
