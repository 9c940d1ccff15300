// The load of the last second, from statuses that come more often.

import type { LiveStatus } from '../engine/live-streamer.js';

interface Sample {
  readonly time: number;
  readonly frames: number;
  readonly mean: number;
  readonly worst: number;
}

const milliseconds = 1000;

export class LoadWindow {
  #samples: readonly Sample[] = [];
  #made = 0;

  /** Takes a status of the stream; each is given once, at `time` in milliseconds. */
  add({ made, load }: Pick<LiveStatus, 'made' | 'load'>, time: number): void {
    const frames = made - this.#made;
    this.#made = made;
    const kept = this.#samples.filter((sample) => time - sample.time < milliseconds);
    this.#samples = frames > 0 ? [...kept, { time, frames, ...load }] : kept;
  }

  /** Shares of a block's time: the mean over all frames, and the worst block. */
  load(): { readonly mean: number; readonly worst: number } {
    const frames = this.#samples.reduce((sum, sample) => sum + sample.frames, 0);
    const work = this.#samples.reduce((sum, sample) => sum + sample.mean * sample.frames, 0);
    const worst = this.#samples.reduce((most, sample) => Math.max(most, sample.worst), 0);
    return { mean: frames === 0 ? 0 : work / frames, worst };
  }
}
