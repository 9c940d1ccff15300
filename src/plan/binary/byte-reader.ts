// Little-endian bytes from an untrusted source: nothing is read, counted or allocated before its length is checked.

import type { Plan } from '../plan.js';
import { longestText } from './byte-writer.js';

const endless = 2n ** 64n - 1n;

const textDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Thrown by readers and caught by `decodePlan`, where it becomes a value. */
export class MalformedPlan extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** A check that needs the whole plan. */
export interface DeferredCheck {
  readonly offset: number;
  readonly subject: string;
  /** Returns what is wrong, or `null`. */
  readonly check: (plan: Plan) => string | null;
}

/** Every method throws `MalformedPlan` with the offset of the field that is wrong. */
export class ByteReader {
  /** What is being read, for messages. */
  subject = 'header';
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;
  #limit: number;
  readonly #deferred: DeferredCheck[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#limit = bytes.length;
  }

  get position(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#limit - this.#offset;
  }

  /** Stops reading `length` bytes from here. */
  beginSection(length: number): void {
    if (length > this.#bytes.length - this.#offset) {
      const left = this.#bytes.length - this.#offset;
      this.fail(`expected a content length of at most ${left} bytes, found ${length}`, this.#offset - 4);
    }
    this.#limit = this.#offset + length;
  }

  /** Refuses bytes that the section has and its fields have not. */
  endSection(): void {
    if (this.remaining > 0) {
      this.fail(`expected the end of the section, found ${this.remaining} more bytes`);
    }
    this.#limit = this.#bytes.length;
  }

  u8(): number {
    this.#require(1, 'u8');
    const value = this.#view.getUint8(this.#offset);
    this.#offset += 1;
    return value;
  }

  u32(): number {
    this.#require(4, 'u32');
    const value = this.#view.getUint32(this.#offset, true);
    this.#offset += 4;
    return value;
  }

  u64(largest = Number.MAX_SAFE_INTEGER): number {
    const value = this.u64OrEndless(largest);
    if (value === 'endless') {
      this.fail(`expected a whole number up to ${largest}, found 2^64 - 1`, this.#offset - 8);
    }
    return value;
  }

  u64OrEndless(largest: number): number | 'endless' {
    this.#require(8, 'u64');
    const value = this.#view.getBigUint64(this.#offset, true);
    if (value === endless) {
      this.#offset += 8;
      return 'endless';
    }
    if (value > largest) {
      this.fail(`expected a whole number up to ${largest}, found ${value}`);
    }
    this.#offset += 8;
    return Number(value);
  }

  f64(): number {
    this.#require(8, 'f64');
    const value = this.#view.getFloat64(this.#offset, true);
    if (!Number.isFinite(value)) {
      this.fail(`expected a finite number, found ${value}`);
    }
    this.#offset += 8;
    return value;
  }

  text(): string {
    const start = this.#offset;
    const length = this.u32();
    if (length > longestText) {
      this.fail(`expected a text of at most ${longestText} bytes, found ${length}`, start);
    }
    this.#require(length, 'the text');
    try {
      const value = textDecoder.decode(this.#bytes.subarray(this.#offset, this.#offset + length));
      this.#offset += length;
      return value;
    } catch {
      return this.fail('expected valid UTF-8');
    }
  }

  raw(length: number): Uint8Array {
    this.#require(length, 'bytes');
    const value = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return value;
  }

  /** Reads a list's count and refuses one that could not fit in what is left. */
  count(minimumItemSize: number): number {
    const start = this.#offset;
    const count = this.u32();
    const most = Math.floor(this.remaining / minimumItemSize);
    if (count > most) {
      this.fail(`expected a count of at most ${most} (${this.remaining} bytes are left), found ${count}`, start);
    }
    return count;
  }

  /** Keeps a check that needs the whole plan: references may point forwards. */
  defer(check: DeferredCheck): void {
    this.#deferred.push(check);
  }

  /** Runs the kept checks, in the order of the bytes. */
  runDeferred(plan: Plan): void {
    for (const { offset, subject, check } of this.#deferred) {
      const fault = check(plan);
      if (fault !== null) {
        throw new MalformedPlan(offset, `${subject}: ${fault}`);
      }
    }
  }

  fail(message: string, offset = this.#offset): never {
    throw new MalformedPlan(offset, `${this.subject}: ${message}`);
  }

  #require(count: number, what: string): void {
    if (count > this.remaining) {
      this.fail(`expected ${count} bytes for ${what}, found ${this.remaining}`);
    }
  }
}
