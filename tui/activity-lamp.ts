// A lamp that is lit while something happens.

/** Long enough to be seen, in seconds. */
const litSeconds = 0.2;

/** Lights up for a moment whenever a count grows. */
export class ActivityLamp {
  private count: number | undefined;
  private litUntil = Number.NEGATIVE_INFINITY;

  /** @param now seconds of any steady clock */
  update(count: number, now: number): boolean {
    if (this.count !== undefined && count > this.count) {
      this.litUntil = now + litSeconds;
    }
    this.count = count;
    return now < this.litUntil;
  }
}
