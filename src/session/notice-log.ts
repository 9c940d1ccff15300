// What a performer should know, in sentences: kept for screens, told to one listener.

import type { Notice } from './status.js';

const mostRecent = 20;

export class NoticeLog {
  #recent: readonly Notice[] = [];
  #unheard: readonly string[] = [];
  #listener: ((text: string) => void) | undefined;
  #clock: () => number = () => 0;

  /** Where the stream is, in seconds, from now on. */
  keepTime(clock: () => number): void {
    this.#clock = clock;
  }

  add(text: string): void {
    this.#recent = [...this.#recent, { seconds: this.#clock(), text }].slice(-mostRecent);
    if (this.#listener === undefined) {
      this.#unheard = [...this.#unheard, text];
    } else {
      this.#listener(text);
    }
  }

  /** The newest last. */
  recent(): readonly Notice[] {
    return this.#recent;
  }

  /** Called with each notice from now on, and with those that nobody has heard yet. */
  listen(listener: (text: string) => void): void {
    this.#listener = listener;
    for (const text of this.#unheard) {
      listener(text);
    }
    this.#unheard = [];
  }
}
