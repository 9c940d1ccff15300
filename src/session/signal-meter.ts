// What a summary says about samples: how loud they are at most, and which they are.

import { createHash } from 'node:crypto';

export class SignalMeter {
  readonly #hash = createHash('sha256');
  #peak = 0;

  /** Measures samples; `bytes` are the same samples as they stand in the file. */
  add(samples: Float32Array, bytes: Uint8Array): void {
    this.#hash.update(bytes);
    let peak = this.#peak;
    for (const sample of samples) {
      const magnitude = sample < 0 ? -sample : sample;
      if (magnitude > peak) {
        peak = magnitude;
      }
    }
    this.#peak = peak;
  }

  /** The largest magnitude; full scale is 1. */
  get peak(): number {
    return this.#peak;
  }

  /** Of all samples as little-endian floats, in hexadecimal digits; the measuring is over then. */
  sha256(): string {
    return this.#hash.digest('hex');
  }
}
