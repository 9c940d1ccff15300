// When a MIDI message arrived: the driver's own time differences, tied to when the messages were received here.

const nanosecondsPerSecond = 1_000_000_000;

/** After a pause of so many seconds the next message says by itself when it came: nobody hears a rhythm across it. */
const longestGap = 1;

/** Being received this much later than it arrived, in nanoseconds, is no jitter: the differences lost a message. */
const largestJitter = 100_000_000;

/** Two clocks drift; a pull of 500 in a million keeps the driver's from falling behind for good. */
const drift = 500e-6;

/** The arrivals of one port. */
export class ArrivalClock {
  #last: bigint | undefined;

  /**
   * When a message arrived that was received at `receipt`, in nanoseconds, `delta` seconds after the one before. Never
   * later than it was received, so the messages that were received soonest set the measure.
   */
  arrival(delta: number, receipt: bigint): bigint {
    const last = this.#last;
    const isMeasured = last !== undefined && delta >= 0 && delta < longestGap;
    const expected = isMeasured ? last + BigInt(Math.round(delta * (1 + drift) * nanosecondsPerSecond)) : receipt;
    const isNear = expected <= receipt && receipt - expected <= largestJitter;
    this.#last = isNear ? expected : receipt;
    return this.#last;
  }
}
