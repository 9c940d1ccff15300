// A binary heap of numbers.

import { elementAt } from './element-at.js';

export class MinimumHeap {
  readonly #items: number[] = [];

  push(item: number): void {
    let place = this.#items.length;
    this.#items.push(item);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = elementAt(this.#items, parent);
      if (above <= item) {
        break;
      }
      this.#items[place] = above;
      place = parent;
    }
    this.#items[place] = item;
  }

  /** Takes the smallest item out; nothing if the heap is empty. */
  pop(): number | undefined {
    const smallest = this.#items[0];
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) {
      this.#sink(last);
    }
    return smallest;
  }

  #sink(item: number): void {
    const count = this.#items.length;
    let place = 0;
    for (let child = 1; child < count; child = 2 * place + 1) {
      const other = child + 1;
      const smaller = other < count && elementAt(this.#items, other) < elementAt(this.#items, child) ? other : child;
      const below = elementAt(this.#items, smaller);
      if (below >= item) {
        break;
      }
      this.#items[place] = below;
      place = smaller;
    }
    this.#items[place] = item;
  }
}
