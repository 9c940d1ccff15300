import fc from 'fast-check';
import osc from 'osc-js';
import { describe, expect, test } from 'vitest';
import type { SentMessage } from '../../../src/control/osc/encode.js';
import { encodeBundle, encodeMessage } from '../../../src/control/osc/encode.js';
import type { OscPacket, PacketError } from '../../../src/control/osc/packet.js';
import { parsePacket } from '../../../src/control/osc/parse-packet.js';
import { anyPacket, bundleBytes, int32, messageBytes, oscString, packetBytes } from './osc-bytes.js';

function parsed(bytes: Uint8Array): OscPacket {
  const reading = parsePacket(bytes);
  if (!reading.ok) {
    throw new Error(`${reading.error.offset}: ${reading.error.message}`);
  }
  return reading.packet;
}

function refusal(bytes: Uint8Array): PacketError {
  const reading = parsePacket(bytes);
  if (reading.ok) {
    throw new Error('the packet was read');
  }
  return reading.error;
}

const message = messageBytes('/a', { type: 'i', value: 1 });

describe('a packet is read', () => {
  test('as what was written, with every type and with bundles in bundles', () => {
    fc.assert(
      fc.property(anyPacket, (packet) => {
        expect(parsed(packetBytes(packet))).toEqual(packet);
      }),
      { numRuns: 500 },
    );
  });

  test('wherever it stands in a larger buffer', () => {
    const around = Buffer.concat([Buffer.from([1, 2, 3]), message, Buffer.from([4])]);
    expect(parsed(around.subarray(3, 3 + message.length))).toEqual(parsed(message));
  });

  test('without type tags when it has no arguments, as old senders write it', () => {
    expect(parsed(oscString('/amp/panic'))).toEqual({ type: 'message', address: '/amp/panic', arguments: [] });
  });

  test('with all 64 bits of a time tag', () => {
    expect(parsed(bundleBytes(0xe8ab_cdef_1234_5679n, message))).toMatchObject({ timeTag: 0xe8ab_cdef_1234_5679n });
  });
});

describe('a packet is refused, with the place, when', () => {
  const deep = Array.from({ length: 9 }).reduce<Buffer>((inner) => bundleBytes(1n, inner), message);
  const tags = (text: string, ...rest: readonly Buffer[]) => Buffer.concat([oscString('/a'), oscString(text), ...rest]);
  const cases: readonly (readonly [string, Uint8Array, number, RegExp])[] = [
    ['it is empty', Buffer.alloc(0), 0, /0 bytes/],
    ['its size is no multiple of four', Buffer.from('/a\0\0,'), 0, /5 bytes/],
    ['it is neither message nor bundle', oscString('hello'), 0, /neither/],
    ['it begins like a bundle', oscString('#bungle'), 0, /#bundle/],
    ['its address does not end', Buffer.from('/abc'), 0, /does not end/],
    ['the padding is not zero', Buffer.from('/a\0x,\0\0\0'), 3, /padding/],
    ['a space stands in the address', oscString('/a b'), 2, /printable/],
    ['bytes follow without type tags', Buffer.concat([oscString('/a'), int32(1)]), 4, /type tags/],
    ['a type is unknown', tags(',q'), 5, /"q"/],
    ['an argument is missing', tags(',i'), 8, /4 bytes, but 0/],
    ['bytes follow the last argument', tags(',i', int32(1), int32(2)), 12, /4 bytes follow/],
    ['a blob is larger than the packet', tags(',b', int32(5), int32(0)), 12, /5 bytes, but 4/],
    ['a blob has less than no bytes', tags(',b', int32(-1)), 8, /-1 bytes/],
    ['a character is none', tags(',c', int32(0xd800)), 8, /no character/],
    ['a string is not UTF-8', tags(',s', Buffer.from([0xff, 0, 0, 0])), 8, /UTF-8/],
    ['an array does not end', tags(',[T'), 4, /does not end/],
    ['an array ends that has not begun', tags(',]'), 5, /not begun/],
    ['arrays are too deep', tags(`,${'['.repeat(9)}${']'.repeat(9)}`), 13, /deep/],
    ['it has too many arguments', tags(`,${'T'.repeat(257)}`), 4, /256/],
    ['bundles are too deep', deep, 160, /deep/],
    ['an element has no bytes', Buffer.concat([bundleBytes(1n), int32(0)]), 16, /0 bytes/],
    ['an element is larger than its bundle', Buffer.concat([bundleBytes(1n), int32(8), int32(0)]), 16, /from 4 to 4/],
    ['it has too many elements', bundleBytes(1n, ...Array(1024).fill(oscString('/a'))), 8204, /1024/],
    ['a bundle is earlier than the one around it', bundleBytes(2n ** 63n + 1n, bundleBytes(2n ** 63n)), 28, /earlier/],
    ['a bundle without a time lies in one with a time', bundleBytes(2n ** 63n, bundleBytes(1n)), 28, /earlier/],
  ];
  test.each(cases)('%s', (_, bytes, offset, sentence) => {
    const { offset: found, message: text } = refusal(bytes);
    expect(text).toMatch(sentence);
    expect(found).toBe(offset);
  });
});

describe('harm', () => {
  /** The longest time of a packet in milliseconds of the processor; what else the process does is not there the next time. */
  function slowest(packets: readonly Uint8Array[]): number {
    return Math.max(
      ...packets.map((bytes) => (time(bytes) < 20 ? 0 : Math.min(time(bytes), time(bytes), time(bytes)))),
    );
  }

  function time(bytes: Uint8Array): number {
    const begin = process.cpuUsage();
    parsePacket(bytes);
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1000;
  }

  test('is done by none of 20,000 mutated packets: none throws, none takes 20 ms', () => {
    const seeds = fc.sample(anyPacket, { numRuns: 400, seed: 3 }).map(packetBytes);
    const random = lehmer(77);
    const mutated = Array.from({ length: 20_000 }, (_, index) =>
      mutate(seeds[index % seeds.length] ?? message, random),
    );
    expect(slowest(mutated)).toBeLessThan(20);
    expect(mutated.filter((bytes) => parsePacket(bytes).ok).length).toBeGreaterThan(100);
    expect(mutated.filter((bytes) => !parsePacket(bytes).ok).length).toBeGreaterThan(5000);
  });

  test('is done by no packet of the largest size that is made to be slow', () => {
    const size = 65_504;
    const bundles = (depth: number) =>
      Array.from({ length: depth }).reduce<Buffer>((inner) => bundleBytes(1n, inner), message);
    const hostile = [
      Buffer.from('/a'.repeat(size / 2)),
      Buffer.concat([oscString(`/${'a'.repeat(65_000)}`), oscString(',')]),
      Buffer.concat([oscString('/a'), oscString(`,${'['.repeat(65_000)}`)]),
      Buffer.concat([oscString('/a'), oscString(`,${'T'.repeat(65_000)}`)]),
      messageBytes('/a', { type: 's', value: 'é'.repeat(32_000) }),
      messageBytes('/a', { type: 'b', value: new Uint8Array(65_000) }),
      bundles(3000),
      bundleBytes(1n, ...Array.from({ length: 3000 }, () => message)),
    ];
    expect(slowest(hostile)).toBeLessThan(20);
  });
});

/** Random numbers below `limit` (D. H. Lehmer's generator). */
function lehmer(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 48_271) % 0x7fff_ffff;
    return state % limit;
  };
}

function mutate(bytes: Uint8Array, random: (limit: number) => number): Uint8Array {
  const mutated = Buffer.from(bytes);
  const changes = 1 + random(3);
  for (let change = 0; change < changes && mutated.length > 0; change++) {
    mutated[random(mutated.length)] = random(4) === 0 ? 0 : random(256);
  }
  switch (random(5)) {
    case 0:
      return mutated.subarray(0, random(mutated.length + 1));
    case 1:
      return Buffer.concat([mutated, Buffer.alloc(4 * random(4), random(256))]);
    default:
      return mutated;
  }
}

describe('osc-js and we understand each other', () => {
  const OscJs = osc as unknown as typeof osc.default;
  const anySent: fc.Arbitrary<SentMessage> = fc.record({
    address: fc.stringMatching(/^(\/[a-z]{1,8}){1,4}$/),
    arguments: fc.array(
      fc.oneof(
        fc.record({ type: fc.constant('i' as const), value: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) }),
        fc.record({ type: fc.constant('f' as const), value: fc.float({ noNaN: true, noDefaultInfinity: true }) }),
        fc.record({ type: fc.constant('d' as const), value: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
        fc.record({
          type: fc.constant('h' as const),
          value: fc.oneof(fc.constant(0n), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
        }),
        fc.record({ type: fc.constant('s' as const), value: fc.string().map((text) => text.replaceAll('\0', '')) }),
      ),
      { maxLength: 6 },
    ),
  });

  test('what we encode is what we parse, floats of whole numbers and integers of 0 among it', () => {
    fc.assert(
      fc.property(anySent, (sent) => {
        expect(parsed(encodeMessage(sent))).toEqual({ type: 'message', ...sent });
      }),
    );
  });

  test('a bundle that we encode keeps all bits of its time tag', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.array(anySent, { maxLength: 4 }), (timeTag, sent) => {
        const elements = sent.map((each) => ({ type: 'message', ...each }));
        expect(parsed(encodeBundle(timeTag, sent))).toEqual({ type: 'bundle', timeTag, elements });
      }),
    );
  });

  test('text beyond ASCII survives', () => {
    const sent: SentMessage = { address: '/a', arguments: [{ type: 's', value: 'é日本' }] };
    expect(parsed(encodeMessage(sent))).toMatchObject({ arguments: [{ value: 'é日本' }] });
  });

  test('osc-js parses what we encode', () => {
    fc.assert(
      fc.property(anySent, (sent) => {
        const bytes = encodeMessage(sent);
        const read = new OscJs.Message('/read');
        read.unpack(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
        expect([read.address, read.types]).toEqual([
          sent.address,
          `,${sent.arguments.map(({ type }) => type).join('')}`,
        ]);
        expect(read.args.slice()).toEqual(sent.arguments.map(({ value }) => value));
      }),
    );
  });

  test('we parse what osc-js encodes', () => {
    const sent = new OscJs.TypedMessage('/a/b', []);
    sent.add('i', -5);
    sent.add('T', true);
    sent.add('b', new Uint8Array([1, 2, 3]) as never);
    sent.add('t', 77n as never);
    sent.add('N', null);
    expect(parsed(sent.pack())).toEqual({
      type: 'message',
      address: '/a/b',
      arguments: [
        { type: 'i', value: -5 },
        { type: 'T' },
        { type: 'b', value: new Uint8Array([1, 2, 3]) },
        { type: 't', value: 77n },
        { type: 'N' },
      ],
    });
  });
});
