// Peaks stay in sight after they are over.

/** How long a peak stands, in seconds, and how fast it falls then, in dB a second. */
const holdSeconds = 1.5;
const fallRate = 20;

interface HeldPeak {
  readonly amplitude: number;
  /** When it was reached. */
  readonly since: number;
}

/** The highest recent peak of each channel. */
export class PeakHold {
  private held: readonly HeldPeak[] = [];
  private last = 0;

  /**
   * @param peaks amplitudes now, by channel
   * @param now seconds of any steady clock
   * @returns the amplitudes to show
   */
  update(peaks: readonly number[], now: number): readonly number[] {
    const elapsed = Math.max(0, now - this.last);
    this.last = now;
    this.held = peaks.map((peak, channel) => {
      const before = this.held[channel];
      if (before === undefined || !(peak < before.amplitude)) {
        return { amplitude: peak, since: now };
      }
      if (now - before.since <= holdSeconds) {
        return before;
      }
      const fallen = before.amplitude * 10 ** ((-fallRate * elapsed) / 20);
      return { amplitude: Math.max(peak, fallen), since: before.since };
    });
    return this.held.map(({ amplitude }) => amplitude);
  }
}
