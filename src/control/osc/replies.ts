// Answers to commands: /amp/reply with the frame at which one acted, or /amp/error with the reason why not.

import type { SentMessage } from './encode.js';
import type { Endpoint } from './endpoint.js';
import { RateLimit } from './rate-limit.js';

/** A command of somebody: its address as it was written. */
export interface Asked {
  readonly sender: Endpoint;
  readonly address: string;
  /** What else there is to say once it has acted at a frame. */
  readonly explain?: (frame: number) => string | undefined;
}

/** A command that waits to hear of its events. */
interface Awaited extends Asked {
  left: number;
  /** The latest frame of its events. */
  frame: number;
}

export interface Answer {
  readonly to: Endpoint;
  readonly message: SentMessage;
}

/** Answers that wait to be sent, and events that commands wait for. Beyond these the oldest go unanswered. */
const mostWaiting = 4096;
const mostAwaited = 65_536;

/** Errors, whose text may be longer than what provoked it. */
const errorsPerSecond = 100;
const errorsAtOnce = 200;

const longestAddress = 256;
const longestText = 400;

/** Times are nanoseconds of CLOCK_MONOTONIC. */
export class Replies {
  readonly #awaited = new Map<number, Awaited>();
  #waiting: Answer[] = [];
  #sent = 0;
  readonly #errors = new RateLimit(errorsPerSecond, errorsAtOnce);
  #unanswered = 0;

  /** Answers that were not given. */
  get unanswered(): number {
    return this.#unanswered;
  }

  get isWaiting(): boolean {
    return this.#sent < this.#waiting.length;
  }

  /** Will answer once all events have acted. */
  expect(asked: Asked, sequences: readonly number[]): void {
    const awaited = { ...asked, left: sequences.length, frame: 0 };
    for (const sequence of sequences) {
      this.#awaited.set(sequence, awaited);
    }
    while (this.#awaited.size > mostAwaited) {
      const [oldest] = this.#awaited.keys();
      this.#awaited.delete(oldest ?? 0);
      this.#unanswered++;
    }
  }

  applied(sequence: number, frame: number): void {
    const awaited = this.#awaited.get(sequence);
    if (awaited === undefined) {
      return;
    }
    this.#awaited.delete(sequence);
    awaited.left--;
    awaited.frame = Math.max(awaited.frame, frame);
    if (awaited.left === 0) {
      this.done(awaited, awaited.frame);
    }
  }

  /** Answers that a command acted at a frame. */
  done({ sender, address, explain }: Asked, frame: number): void {
    const explanation = explain?.(frame)?.slice(0, longestText);
    this.#add(sender, {
      address: '/amp/reply',
      arguments: [
        { type: 's', value: address.slice(0, longestAddress) },
        { type: 'h', value: BigInt(Math.trunc(frame)) },
        ...(explanation === undefined ? [] : [{ type: 's' as const, value: explanation }]),
      ],
    });
  }

  /** Answers why a command did not act. `explain` is called only when the answer will be sent. */
  refuse({ sender, address }: Asked, explain: () => string, now: bigint): void {
    if (!this.#errors.take(now)) {
      this.#unanswered++;
      return;
    }
    this.#add(sender, {
      address: '/amp/error',
      arguments: [
        { type: 's', value: address.slice(0, longestAddress) },
        { type: 's', value: explain().slice(0, longestText) },
      ],
    });
  }

  /** The oldest answer that waits. */
  take(): Answer | undefined {
    const answer = this.#waiting[this.#sent];
    if (answer === undefined) {
      this.#waiting = [];
      this.#sent = 0;
    } else {
      this.#sent++;
    }
    return answer;
  }

  #add(to: Endpoint, message: SentMessage): void {
    if (this.#waiting.length - this.#sent >= mostWaiting) {
      this.#sent++;
      this.#unanswered++;
    }
    if (this.#sent >= mostWaiting) {
      this.#waiting = this.#waiting.slice(this.#sent);
      this.#sent = 0;
    }
    this.#waiting.push({ to, message });
  }
}
