// Where the wall clock stands on CLOCK_MONOTONIC.
//
// The wall clock can be read in whole milliseconds only. A reading of D ms between the monotonic times b and a says that the
// offset of the clocks lies from D - a to D + 1 ms - b. Many readings narrow it down; one that contradicts them says that somebody has
// set the clock, and what was known is forgotten.

/** The clocks of the machine. */
export interface Clocks {
  /** Whole milliseconds since 1970. */
  readonly wallMilliseconds: () => number;
  /** Nanoseconds of CLOCK_MONOTONIC. */
  readonly monotonicNanoseconds: () => bigint;
}

export const machineClocks: Clocks = {
  wallMilliseconds: () => Date.now(),
  monotonicNanoseconds: () => process.hrtime.bigint(),
};

const millisecond = 1_000_000n;

/** The offset is known well enough when it is known to this. */
const fineWidth = millisecond / 10n;

/** What the offset is known to must be better than this, else readings are taken until it is. */
const coarseWidth = millisecond / 4n;

/** No clock ticks so rarely that more readings would help. */
const longestReading = 3n * millisecond;

/** How much the clocks may drift apart unseen: 10 millionths of the time that has passed. */
const driftDivisor = 100_000n;

/** The offset between the clocks, asked again and again. */
export class WallClock {
  readonly #clocks: Clocks;
  #isKnown = false;
  #lowest = 0n;
  #highest = 0n;
  #readAt = 0n;

  constructor(clocks: Clocks = machineClocks) {
    this.#clocks = clocks;
  }

  /** The monotonic time, in nanoseconds, of a time in nanoseconds since 1970. May read the clocks for a millisecond. */
  monotonicOf(unixNanoseconds: bigint): bigint {
    this.#read();
    if (this.#highest - this.#lowest > coarseWidth) {
      this.#readUntilFine();
    }
    return unixNanoseconds - (this.#lowest + this.#highest) / 2n;
  }

  #readUntilFine(): void {
    const begin = this.#clocks.monotonicNanoseconds();
    do {
      this.#read();
    } while (this.#highest - this.#lowest > fineWidth && this.#readAt - begin < longestReading);
  }

  #read(): void {
    const before = this.#clocks.monotonicNanoseconds();
    const wall = BigInt(this.#clocks.wallMilliseconds()) * millisecond;
    const after = this.#clocks.monotonicNanoseconds();
    const drift = (after - this.#readAt) / driftDivisor;
    const lowest = max(wall - after, this.#lowest - drift);
    const highest = min(wall + millisecond - before, this.#highest + drift);
    const fits = this.#isKnown && lowest <= highest;
    this.#lowest = fits ? lowest : wall - after;
    this.#highest = fits ? highest : wall + millisecond - before;
    this.#readAt = after;
    this.#isKnown = true;
  }
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
