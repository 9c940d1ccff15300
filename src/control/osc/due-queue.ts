// What waits for its time, in the order of the times; what is due at one time, in the order in which it came.

interface Waiting<T> {
  readonly due: bigint;
  readonly item: T;
}

/** Times are nanoseconds of CLOCK_MONOTONIC. */
export class DueQueue<T> {
  readonly #most: number;
  readonly #waiting: Waiting<T>[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** When the first is due; nothing when nothing waits. */
  get next(): bigint | undefined {
    return this.#waiting[0]?.due;
  }

  /** False when too many wait already. */
  add(due: bigint, item: T): boolean {
    if (this.#waiting.length >= this.#most) {
      return false;
    }
    let low = 0;
    let high = this.#waiting.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#waiting[middle]?.due ?? due) <= due) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    this.#waiting.splice(low, 0, { due, item });
    return true;
  }

  /** Takes out what is due at a time or before it. */
  takeUntil(time: bigint): readonly T[] {
    const count = this.#waiting.findIndex(({ due }) => due > time);
    return this.#waiting.splice(0, count < 0 ? this.#waiting.length : count).map(({ item }) => item);
  }

  /** Takes out everything. */
  clear(): readonly T[] {
    return this.#waiting.splice(0).map(({ item }) => item);
  }
}
