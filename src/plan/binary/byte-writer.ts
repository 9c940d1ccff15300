// Little-endian bytes, appended one field after another.

const textEncoder = new TextEncoder();

/** The longest text that the format can hold, in bytes of UTF-8. */
export const longestText = 65_535;

/** Grows as it is written. Every method throws `RangeError` for a value that its field cannot hold. */
export class ByteWriter {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get position(): number {
    return this.#length;
  }

  u8(value: number): void {
    requireInteger(value, 0xff, 'u8');
    this.#reserve(1);
    this.#view.setUint8(this.#length, value);
    this.#length += 1;
  }

  u32(value: number): void {
    requireInteger(value, 0xffff_ffff, 'u32');
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  u64(value: number, largest = Number.MAX_SAFE_INTEGER): void {
    requireInteger(value, largest, 'u64');
    this.#u64Words(value % 0x1_0000_0000, Math.floor(value / 0x1_0000_0000));
  }

  /** The largest u64, which means "endless". */
  u64Endless(): void {
    this.#u64Words(0xffff_ffff, 0xffff_ffff);
  }

  f64(value: number): void {
    if (!Number.isFinite(value)) {
      throw new RangeError(`f64: expected a finite number, found ${value}`);
    }
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  text(value: string): void {
    const fault = textFault(value);
    if (fault !== null) {
      throw new RangeError(`text: ${fault}`);
    }
    this.#reserve(4 + 3 * value.length);
    const { written } = textEncoder.encodeInto(value, this.#bytes.subarray(this.#length + 4));
    this.u32(written);
    this.#length += written;
  }

  raw(values: Uint8Array): void {
    this.#reserve(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  /** Overwrites four bytes that were written before. */
  patchU32(position: number, value: number): void {
    requireInteger(value, 0xffff_ffff, 'u32');
    this.#view.setUint32(position, value, true);
  }

  /** What was written so far; a view that the next write may invalidate. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #u64Words(low: number, high: number): void {
    this.u32(low);
    this.u32(high);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) {
      return;
    }
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

function requireInteger(value: number, largest: number, what: string): void {
  if (!Number.isInteger(value) || value < 0 || value > largest) {
    throw new RangeError(`${what}: expected a whole number from 0 to ${largest}, found ${value}`);
  }
}

/** Why a text does not fit the format; `null` if it does. */
export function textFault(value: string): string | null {
  // Half of a pair would be written as U+FFFD, and so would not come back.
  if (/\p{Surrogate}/u.test(value)) {
    return 'expected whole Unicode characters, found half of a surrogate pair';
  }
  const length = Buffer.byteLength(value);
  return length > longestText ? `expected at most ${longestText} bytes of UTF-8, found ${length}` : null;
}
