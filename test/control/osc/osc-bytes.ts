// Writes OSC packets byte by byte, independently of the code under test, and makes arbitrary ones.

import fc from 'fast-check';
import type { OscArgument, OscBundle, OscMessage, OscPacket } from '../../../src/control/osc/packet.js';

/** A string with its closing zero and its padding. */
export function oscString(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([bytes, Buffer.alloc(4 - (bytes.length % 4))]);
}

function blob(bytes: Uint8Array): Buffer {
  return Buffer.concat([int32(bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function tagOf(argument: OscArgument): string {
  return argument.type === 'array' ? `[${argument.values.map(tagOf).join('')}]` : argument.type;
}

function bytesOf(argument: OscArgument): Buffer {
  const eight = Buffer.alloc(8);
  switch (argument.type) {
    case 'i':
      return int32(argument.value);
    case 'f':
      eight.writeFloatBE(argument.value);
      return eight.subarray(0, 4);
    case 'd':
      eight.writeDoubleBE(argument.value);
      return eight;
    case 'h':
      eight.writeBigInt64BE(argument.value);
      return eight;
    case 't':
      eight.writeBigUInt64BE(argument.value);
      return eight;
    case 's':
    case 'S':
      return oscString(argument.value);
    case 'c':
      return int32(argument.value.codePointAt(0) ?? 0);
    case 'b':
      return blob(argument.value);
    case 'r':
    case 'm':
      return Buffer.from(argument.value);
    case 'array':
      return Buffer.concat(argument.values.map(bytesOf));
    default:
      return Buffer.alloc(0);
  }
}

/** The bytes of a message. */
export function messageBytes(address: string, ...list: readonly OscArgument[]): Buffer {
  return Buffer.concat([oscString(address), oscString(`,${list.map(tagOf).join('')}`), ...list.map(bytesOf)]);
}

/** The bytes of a bundle of packets. */
export function bundleBytes(timeTag: bigint, ...elements: readonly Uint8Array[]): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(timeTag);
  const sized = elements.flatMap((element) => [int32(element.length), Buffer.from(element)]);
  return Buffer.concat([oscString('#bundle'), time, ...sized]);
}

export function packetBytes(packet: OscPacket): Buffer {
  return packet.type === 'message'
    ? messageBytes(packet.address, ...packet.arguments)
    : bundleBytes(packet.timeTag, ...packet.elements.map(packetBytes));
}

const text = fc.string({ unit: 'binary', maxLength: 20 }).map((each) => each.replaceAll('\0', ''));
const fourBytes = fc.uint8Array({ minLength: 4, maxLength: 4 });

const plainArgument: fc.Arbitrary<OscArgument> = fc.oneof(
  fc.record({ type: fc.constant('i' as const), value: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) }),
  fc.record({ type: fc.constant('f' as const), value: fc.float() }),
  fc.record({ type: fc.constant('d' as const), value: fc.double() }),
  fc.record({ type: fc.constant('h' as const), value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) }),
  fc.record({ type: fc.constant('t' as const), value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
  fc.record({ type: fc.constantFrom('s' as const, 'S' as const), value: text }),
  fc.record({
    type: fc.constant('c' as const),
    value: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
  }),
  fc.record({ type: fc.constant('b' as const), value: fc.uint8Array({ maxLength: 20 }) }),
  fc.record({ type: fc.constantFrom('r' as const, 'm' as const), value: fourBytes }),
  fc.record({ type: fc.constantFrom('T' as const, 'F' as const, 'N' as const, 'I' as const) }),
);

/** Any argument, with arrays in arrays. */
export const anyArgument: fc.Arbitrary<OscArgument> = fc.oneof(
  { weight: 5, arbitrary: plainArgument },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('array' as const),
      values: fc.array(
        fc.oneof(
          plainArgument,
          fc.record({ type: fc.constant('array' as const), values: fc.array(plainArgument, { maxLength: 3 }) }),
        ),
        { maxLength: 3 },
      ),
    }),
  },
);

const name = fc.stringMatching(/^[a-z?*{}[\]!,-]{1,6}$/);

/** Any message, with addresses and patterns. */
export const anyMessage: fc.Arbitrary<OscMessage> = fc.record({
  type: fc.constant('message' as const),
  address: fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`),
  arguments: fc.array(anyArgument, { maxLength: 5 }),
});

/** Bundles in bundles, whose times do not fall. */
function anyBundle(depth: number, earliest: bigint): fc.Arbitrary<OscBundle> {
  return fc.bigInt({ min: earliest, max: 2n ** 64n - 1n }).chain((timeTag) =>
    fc.record({
      type: fc.constant('bundle' as const),
      timeTag: fc.constant(timeTag),
      elements: fc.array<OscPacket>(depth === 0 ? anyMessage : fc.oneof(anyMessage, anyBundle(depth - 1, timeTag)), {
        maxLength: 3,
      }),
    }),
  );
}

export const anyPacket: fc.Arbitrary<OscPacket> = fc.oneof(anyMessage, anyBundle(3, 2n ** 63n));
