// Reads the fields of an OSC packet: big-endian numbers, and strings and blobs padded with zeros to four bytes.

/** Ends the reading of a malformed packet; `parsePacket` turns it into a value. */
export class MalformedPacket extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.name = 'MalformedPacket';
    this.offset = offset;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Stands at `offset`, moves on with each field, and throws `MalformedPacket` where a field does not fit before `end`. */
export class PacketReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  offset: number;

  constructor(bytes: Uint8Array, begin = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.offset = begin;
    this.#end = end;
  }

  get left(): number {
    return this.#end - this.offset;
  }

  /** The next `size` bytes as a packet of their own; offsets go on counting from the start of the whole. */
  part(size: number): PacketReader {
    const begin = this.#take(size, 'the element');
    return new PacketReader(this.#bytes, begin, begin + size);
  }

  /** The byte at the reader's place; nothing at the end. */
  peek(): number | undefined {
    return this.left > 0 ? this.#bytes[this.offset] : undefined;
  }

  int32(what: string): number {
    return this.#view.getInt32(this.#take(4, what));
  }

  float32(what: string): number {
    return this.#view.getFloat32(this.#take(4, what));
  }

  float64(what: string): number {
    return this.#view.getFloat64(this.#take(8, what));
  }

  int64(what: string): bigint {
    return this.#view.getBigInt64(this.#take(8, what));
  }

  uint64(what: string): bigint {
    return this.#view.getBigUint64(this.#take(8, what));
  }

  /** A copy. */
  bytes(size: number, what: string): Uint8Array {
    const begin = this.#take(size, what);
    // `slice` of a Buffer would not copy.
    return new Uint8Array(this.#bytes.subarray(begin, begin + size));
  }

  /** A string of OSC: ASCII, and what UTF-8 makes of more. */
  string(what: string): string {
    const begin = this.offset;
    let end = begin;
    let seen = 0;
    for (; end < this.#end; end++) {
      const byte = this.#bytes[end] ?? 0;
      if (byte === 0) {
        break;
      }
      seen |= byte;
    }
    if (end === this.#end) {
      throw new MalformedPacket(begin, `${what} does not end: the zero after it is missing`);
    }
    this.offset = end + 1;
    this.skipPadding(what);
    return seen < 0x80 ? this.#ascii(begin, end) : this.#utf8(begin, end, what);
  }

  /** Passes over the zeros up to the next multiple of four. */
  skipPadding(what: string): void {
    while (this.offset % 4 !== 0) {
      const at = this.offset;
      if (this.#bytes[this.#take(1, `the padding after ${what}`)] !== 0) {
        throw new MalformedPacket(at, `the padding after ${what} is not zero`);
      }
    }
  }

  #ascii(begin: number, end: number): string {
    let text = '';
    // In pieces: a call takes a limited number of arguments.
    for (let at = begin; at < end; at += 4096) {
      text += String.fromCharCode(...this.#bytes.subarray(at, Math.min(at + 4096, end)));
    }
    return text;
  }

  #utf8(begin: number, end: number, what: string): string {
    try {
      return utf8.decode(this.#bytes.subarray(begin, end));
    } catch {
      throw new MalformedPacket(begin, `${what} is neither ASCII nor UTF-8`);
    }
  }

  #take(size: number, what: string): number {
    if (size > this.left) {
      throw new MalformedPacket(this.offset, `${what} takes ${size} bytes, but ${this.left} are left`);
    }
    const begin = this.offset;
    this.offset += size;
    return begin;
  }
}
