// How far a sound is from one that is wanted, by their spectra over windows of several sizes.

import type { EngineFailure } from './error.js';
import { errorCodeOf, fail } from './error.js';
import type { NativeSpectralLoss } from './native.js';
import { loadNative } from './native.js';

export type LossOpening = { readonly ok: true; readonly loss: SpectralLoss } | EngineFailure;

export type LossMeasuring =
  | {
      readonly ok: true;
      /** 0 where both sounds are the same. */
      readonly distance: number;
      /** The derivative by each value of the sound, if it was asked for. */
      readonly bySound: Float64Array | undefined;
    }
  | EngineFailure;

/** `wanted`: channel after channel. Errors: `missing`, `argument`, `memory`. */
export function openSpectralLoss(wanted: Float64Array, channels: number): LossOpening {
  const loading = loadNative();
  if (!loading.ok) {
    return loading;
  }
  if (!Number.isInteger(channels) || channels < 1 || wanted.length % channels !== 0) {
    return fail('argument', `${wanted.length} values are not whole frames of ${channels} channels`);
  }
  const native = new loading.addon.SpectralLoss(wanted, channels);
  return native.failure === null
    ? { ok: true, loss: new SpectralLoss(native, wanted.length) }
    : fail(errorCodeOf(native.failure.status), native.failure.message);
}

export class SpectralLoss {
  readonly #native: NativeSpectralLoss;
  readonly #values: number;

  /** Use `openSpectralLoss`. */
  constructor(native: NativeSpectralLoss, values: number) {
    this.#native = native;
    this.#values = values;
  }

  /** Measures a sound, laid out as the wanted one, without holding up the event loop. Errors: `argument`, `memory`. */
  async measure(sound: Float64Array, { needsGradient }: { readonly needsGradient: boolean }): Promise<LossMeasuring> {
    if (sound.length !== this.#values) {
      return fail('argument', `${sound.length} values; the wanted sound has ${this.#values}`);
    }
    const distance = new Float64Array(1);
    const bySound = needsGradient ? new Float64Array(this.#values) : undefined;
    const failure = await this.#native.measure(sound, distance, bySound ?? null);
    return failure === null
      ? { ok: true, distance: distance[0] ?? 0, bySound }
      : fail(errorCodeOf(failure.status), failure.message);
  }
}
