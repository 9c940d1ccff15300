// The bytes of a datagram -> an OSC packet. Strict: whatever OSC 1.0 and 1.1 do not allow is refused, with its place.

import type { OscArgument, OscBundle, OscMessage, OscPacket, PacketError } from './packet.js';
import { packetLimits } from './packet.js';
import { MalformedPacket, PacketReader } from './packet-reader.js';
import { isEarlier } from './time-tag.js';

export type PacketReading =
  | { readonly ok: true; readonly packet: OscPacket }
  | { readonly ok: false; readonly error: PacketError };

/** Reads a whole packet; its work grows with the number of bytes at most. Never throws. */
export function parsePacket(bytes: Uint8Array): PacketReading {
  try {
    if (bytes.length === 0 || bytes.length % 4 !== 0) {
      throw new MalformedPacket(0, `the packet has ${bytes.length} bytes; a multiple of four fits`);
    }
    const packet = readPacket(new PacketReader(bytes), { elements: 0 }, 0, 0n);
    return { ok: true, packet };
  } catch (error) {
    if (error instanceof MalformedPacket) {
      return { ok: false, error: { offset: error.offset, message: error.message } };
    }
    throw error;
  }
}

/** What has been read of the whole packet so far. */
interface Progress {
  elements: number;
}

const slash = 0x2f;
const hash = 0x23;
const comma = 0x2c;

function readPacket(reader: PacketReader, progress: Progress, depth: number, outerTime: bigint): OscPacket {
  const begin = reader.offset;
  progress.elements++;
  if (progress.elements > packetLimits.elements) {
    throw new MalformedPacket(begin, `the packet holds more than ${packetLimits.elements} messages and bundles`);
  }
  switch (reader.peek()) {
    case slash:
      return readMessage(reader);
    case hash:
      return readBundle(reader, progress, depth, outerTime);
    default:
      throw new MalformedPacket(begin, 'neither a message, which begins with "/", nor a bundle, which begins with "#"');
  }
}

function readBundle(reader: PacketReader, progress: Progress, depth: number, outerTime: bigint): OscBundle {
  const begin = reader.offset;
  if (depth >= packetLimits.depth) {
    throw new MalformedPacket(begin, `bundles lie in bundles more than ${packetLimits.depth} deep`);
  }
  if (reader.string('the head of a bundle') !== '#bundle') {
    throw new MalformedPacket(begin, 'a bundle begins with "#bundle"');
  }
  const timeOffset = reader.offset;
  const timeTag = reader.uint64('the time tag of a bundle');
  if (depth > 0 && isEarlier(timeTag, outerTime)) {
    throw new MalformedPacket(timeOffset, 'the time tag of a bundle is earlier than that of the bundle around it');
  }
  const elements: OscPacket[] = [];
  while (reader.left > 0) {
    const sizeOffset = reader.offset;
    const size = reader.int32('the size of an element');
    if (size <= 0 || size % 4 !== 0 || size > reader.left) {
      throw new MalformedPacket(
        sizeOffset,
        `an element of ${size} bytes; a multiple of four from 4 to ${reader.left} fits`,
      );
    }
    elements.push(readPacket(reader.part(size), progress, depth + 1, timeTag));
  }
  return { type: 'bundle', timeTag, elements };
}

function readMessage(reader: PacketReader): OscMessage {
  const begin = reader.offset;
  const address = reader.string('the address');
  const wrong = findUnprintable(address);
  if (wrong >= 0) {
    throw new MalformedPacket(
      begin + wrong,
      'the address holds a character other than printable ASCII without " " and "#"',
    );
  }
  // Old senders leave out the type tags; then nobody can know what the arguments are.
  if (reader.left === 0) {
    return { type: 'message', address, arguments: [] };
  }
  const tagsOffset = reader.offset;
  if (reader.peek() !== comma) {
    throw new MalformedPacket(tagsOffset, 'the arguments have no type tags, which begin with ","');
  }
  const tags = reader.string('the type tags');
  const list = readArguments(reader, tags, tagsOffset);
  if (reader.left > 0) {
    throw new MalformedPacket(reader.offset, `${reader.left} bytes follow the last argument`);
  }
  return { type: 'message', address, arguments: list };
}

function findUnprintable(address: string): number {
  for (let index = 0; index < address.length; index++) {
    const code = address.charCodeAt(index);
    if (code <= 0x20 || code >= 0x7f || code === hash) {
      return index;
    }
  }
  return -1;
}

function readArguments(reader: PacketReader, tags: string, tagsOffset: number): readonly OscArgument[] {
  const whole: OscArgument[] = [];
  /** Lists around the present one, the outermost first. */
  const around: OscArgument[][] = [];
  let list = whole;
  if (tags.length - 1 > packetLimits.arguments) {
    throw new MalformedPacket(tagsOffset, `the message has more than ${packetLimits.arguments} arguments`);
  }
  for (let index = 1; index < tags.length; index++) {
    const tag = tags[index] ?? '';
    const offset = tagsOffset + index;
    if (tag === '[') {
      if (around.length >= packetLimits.depth) {
        throw new MalformedPacket(offset, `arrays lie in arrays more than ${packetLimits.depth} deep`);
      }
      const values: OscArgument[] = [];
      list.push({ type: 'array', values });
      around.push(list);
      list = values;
    } else if (tag === ']') {
      const outer = around.pop();
      if (outer === undefined) {
        throw new MalformedPacket(offset, 'an array ends that has not begun');
      }
      list = outer;
    } else {
      list.push(readArgument(reader, tag, offset));
    }
  }
  if (around.length > 0) {
    throw new MalformedPacket(tagsOffset, 'an array does not end');
  }
  return whole;
}

function readArgument(reader: PacketReader, tag: string, tagOffset: number): OscArgument {
  const what = `an argument of type ${tag}`;
  switch (tag) {
    case 'i':
      return { type: tag, value: reader.int32(what) };
    case 'f':
      return { type: tag, value: reader.float32(what) };
    case 'd':
      return { type: tag, value: reader.float64(what) };
    case 'h':
      return { type: tag, value: reader.int64(what) };
    case 't':
      return { type: tag, value: reader.uint64(what) };
    case 's':
    case 'S':
      return { type: tag, value: reader.string(what) };
    case 'b':
      return { type: tag, value: readBlob(reader, what) };
    case 'c':
      return { type: tag, value: readCharacter(reader, what) };
    case 'r':
    case 'm':
      return { type: tag, value: reader.bytes(4, what) };
    case 'T':
    case 'F':
    case 'N':
    case 'I':
      return { type: tag };
    default:
      throw new MalformedPacket(tagOffset, `the type tag ${JSON.stringify(tag)}; one of ifsbhtdScrmTFNI[] fits`);
  }
}

function readBlob(reader: PacketReader, what: string): Uint8Array {
  const offset = reader.offset;
  const size = reader.int32(`the size of ${what}`);
  if (size < 0) {
    throw new MalformedPacket(offset, `${what} of ${size} bytes`);
  }
  const bytes = reader.bytes(size, what);
  reader.skipPadding(what);
  return bytes;
}

function readCharacter(reader: PacketReader, what: string): string {
  const offset = reader.offset;
  const code = reader.int32(what);
  const isCharacter = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  if (!isCharacter) {
    throw new MalformedPacket(offset, `${what} of the code ${code}, which is no character`);
  }
  return String.fromCodePoint(code);
}
