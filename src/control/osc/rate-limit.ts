// How often something may happen: so many at once, and so many a second (a token bucket).

const nanosecondsInSecond = 1e9;

/** Times are nanoseconds of CLOCK_MONOTONIC, and never fall. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #burst: number;
  #left: number;
  #at: bigint | undefined;

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#left = burst;
  }

  /** Whether `count` more may happen now; if so they are counted. */
  take(now: bigint, count = 1): boolean {
    const seconds = Number(now - (this.#at ?? now)) / nanosecondsInSecond;
    this.#left = Math.min(this.#burst, this.#left + seconds * this.#perSecond);
    this.#at = now;
    if (this.#left < count) {
      return false;
    }
    this.#left -= count;
    return true;
  }
}
