// The times that one datagram names. Clocks are measured anew all the time; how far apart its messages are holds all the same.

import type { WallClock } from './wall-clock.js';

const nanosecondsInSecond = 1e9;

/** Seconds: less than what is performed ahead of its time. A stream whose clock was set since is farther off, and is measured anew. */
const farthestOff = 0.05;

export class DatagramTime {
  #firstDue: { readonly unix: bigint; readonly monotonic: bigint } | undefined;
  #firstFrame: { readonly nanoseconds: bigint; readonly frame: number } | undefined;

  /** CLOCK_MONOTONIC in nanoseconds at a time in nanoseconds since 1970: measured for the first, counted from there for others. */
  monotonicOf(unix: bigint, wallClock: Pick<WallClock, 'monotonicOf'>): bigint {
    this.#firstDue ??= { unix, monotonic: wallClock.monotonicOf(unix) };
    return this.#firstDue.monotonic + unix - this.#firstDue.unix;
  }

  /** The stream frame at a time of CLOCK_MONOTONIC: measured for the first, counted from there for others. */
  frameAt(nanoseconds: bigint, sampleRate: number, measure: (nanoseconds: bigint) => number): number {
    const measured = measure(nanoseconds);
    this.#firstFrame ??= { nanoseconds, frame: measured };
    const seconds = Number(nanoseconds - this.#firstFrame.nanoseconds) / nanosecondsInSecond;
    const counted = Math.max(0, this.#firstFrame.frame + Math.round(seconds * sampleRate));
    if (Math.abs(counted - measured) <= farthestOff * sampleRate) {
      return counted;
    }
    this.#firstFrame = { nanoseconds, frame: measured };
    return measured;
  }
}
