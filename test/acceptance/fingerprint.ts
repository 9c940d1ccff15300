// The sound of a patch as a number: SHA-256 of its samples.

import { createHash } from 'node:crypto';
import type { StreamEvent } from '../../src/engine/event.js';
import type { StreamerSettings } from '../../src/engine/streamer.js';
import { openStreamer } from '../../src/engine/streamer.js';
import { drawFrames } from '../../src/session/offline-stream.js';

export interface Performance {
  readonly plan: Uint8Array;
  /** In the order of their frames. */
  readonly events: readonly StreamEvent[];
  readonly frames: number;
}

/** Plays a plan in this process, and gives the SHA-256 of its samples as a WAV file holds them. */
export async function fingerprint(performance: Performance, settings: StreamerSettings): Promise<string> {
  const opening = openStreamer(performance.plan, settings);
  if (!opening.ok) {
    throw new Error(opening.error.message);
  }
  const hash = createHash('sha256');
  const drawing = await drawFrames({
    frames: performance.frames,
    segments: [{ events: performance.events }],
    block: settings.block,
    streamer: opening.streamer,
    sink: async (samples) => {
      hash.update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
      return { ok: true };
    },
  });
  const late = opening.streamer.eventCounts()?.late;
  opening.streamer.close();
  if (!drawing.ok || late !== 0) {
    throw new Error(drawing.ok ? `${late} events came late` : JSON.stringify(drawing.failure));
  }
  return hash.digest('hex');
}
