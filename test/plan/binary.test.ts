import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePlan } from '../../src/plan/binary/decode.js';
import { encodePlan } from '../../src/plan/binary/encode.js';
import type { Plan } from '../../src/plan/plan.js';
import { arbitraryPlan } from './arbitrary-plan.js';
import { planOf } from './compiling.js';
import { literal } from './patch-builder.js';

/** A plan with something in every section. */
const wholePlan = planOf({
  name: 'whole – ganz',
  seed: 7,
  nodes: {
    keys: { type: 'keys', options: { voices: 4 } },
    saw: { type: 'saw', slew: { freq: { type: 'limited', rate: 100 } } },
    envelope: { type: 'adsr', parameters: { release: literal(400, 'milliseconds') } },
    vca: { type: 'gain' },
    mix: { type: 'mix' },
    out: { type: 'output' },
  },
  edges: [
    { from: 'keys.freq', to: 'saw.freq' },
    { from: 'keys.gate', to: 'envelope.gate' },
    { from: 'envelope', to: 'vca.gain' },
    { from: 'saw', to: 'vca' },
    { from: 'vca', to: 'mix' },
    { id: 'echo', from: 'mix', to: 'mix', delay: literal(3 / 16, 'whole_notes'), amount: 0.5 },
    { id: 'wet', from: 'mix', to: 'out' },
  ],
  gates: [{ id: 'drop', members: [6] }],
  schedule: {
    type: 'stages',
    span: { offset: 0, length: 0 },
    stages: ['keys', 'saw', 'adsr', 'gain', 'mix', 'output'].map((type, index) => ({
      partialLatency: 0,
      cohorts: [{ type, nodes: [index] }],
    })),
  },
});

function decoded(bytes: Uint8Array): Plan {
  const result = decodePlan(bytes);
  if (!result.ok) {
    throw new Error(`refused at ${result.error.offset}: ${result.error.message}`);
  }
  return result.plan;
}

function refusal(bytes: Uint8Array): { readonly offset: number; readonly message: string } {
  const result = decodePlan(bytes);
  if (result.ok) {
    throw new Error('accepted');
  }
  return result.error;
}

/** Changes bytes and makes length and checksum right again, as somebody would who means harm. */
function forged(
  change: (bytes: Uint8Array, view: DataView) => Uint8Array | undefined,
  of = encodePlan(wholePlan),
): Uint8Array {
  const bytes = Uint8Array.from(of);
  const result = Uint8Array.from(change(bytes, new DataView(bytes.buffer)) ?? bytes);
  const view = new DataView(result.buffer);
  view.setBigUint64(16, BigInt(result.length), true);
  view.setUint32(12, crc32(result.subarray(16)), true);
  return result;
}

/** Where the content of a section begins. */
function contentOf(bytes: Uint8Array, tag: string): number {
  return Buffer.from(bytes).indexOf(tag, 24, 'latin1') + 8;
}

describe('encoding', () => {
  test('every plan comes back from its bytes', () => {
    fc.assert(
      fc.property(arbitraryPlan, (plan) => {
        expect(decoded(encodePlan(plan))).toEqual(plan);
      }),
    );
  });

  test('every plan gives the same bytes again after a round trip', () => {
    fc.assert(
      fc.property(arbitraryPlan, (plan) => {
        const bytes = encodePlan(plan);
        expect(encodePlan(decoded(bytes))).toStrictEqual(bytes);
      }),
    );
  });

  test('the header holds the magic, the version, the checksum and the length', () => {
    const bytes = encodePlan(wholePlan);
    const view = new DataView(bytes.buffer);
    expect(Buffer.from(bytes.subarray(0, 8)).toString('latin1')).toBe('AMPPLAN\0');
    expect(view.getUint32(8, true)).toBe(3);
    expect(view.getUint32(12, true)).toBe(crc32(bytes.subarray(16)));
    expect(view.getBigUint64(16, true)).toBe(BigInt(bytes.length));
  });

  test('a byte order mark inside a text is kept', () => {
    const plan = { ...wholePlan, stream: { ...wholePlan.stream, name: '\uFEFFname' } };
    expect(decoded(encodePlan(plan)).stream.name).toBe('\uFEFFname');
  });

  test.each([
    ['half of a surrogate pair', { name: '\uD800' }, 'half of a surrogate pair'],
    ['a text that is too long', { name: 'x'.repeat(65_536) }, 'at most 65535 bytes'],
    ['a number that is not finite', { tempo: Number.NaN }, 'finite'],
    ['a negative count', { meterNumerator: -1 }, 'from 0 to 4294967295'],
    ['a seed that is no safe integer', { seed: 2 ** 53 }, 'from 0 to 9007199254740991'],
  ])('%s cannot be encoded', (_, change, message) => {
    expect(() => encodePlan({ ...wholePlan, stream: { ...wholePlan.stream, ...change } })).toThrow(message);
  });
});

describe('decoding damaged bytes', () => {
  const bytes = encodePlan(wholePlan);

  test('every single flipped bit is refused with an offset inside the plan', () => {
    const damaged = Uint8Array.from(bytes);
    for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
      damaged[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { offset } = refusal(damaged);
      expect(offset >= 0 && offset <= bytes.length).toBe(true);
      damaged[bit >> 3] = bytes[bit >> 3] ?? 0;
    }
  });

  test('every truncation is refused with an offset that it still has', () => {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(refusal(bytes.subarray(0, length)).offset).toBeLessThanOrEqual(length);
    }
  });

  test('every truncation with a right length and checksum is refused', () => {
    for (let length = 24; length < bytes.length; length += 1) {
      expect(refusal(forged((whole) => whole.subarray(0, length))).offset).toBeLessThanOrEqual(length);
    }
  });

  test('bytes after the end are refused', () => {
    expect(refusal(forged((whole) => Uint8Array.from([...whole, 0]))).message).toMatch(
      /expected the end of the plan, found 1 more/,
    );
  });

  test('bytes from elsewhere in memory are read at their own place', () => {
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decoded(shifted.subarray(3))).toStrictEqual(wholePlan);
  });
});

describe('decoding forged bytes', () => {
  test('whatever is changed, what is accepted encodes to the very same bytes', () => {
    const base = encodePlan(wholePlan);
    const change = fc.record({
      at: fc.integer({ min: 24, max: base.length - 1 }),
      byte: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = forged((whole) => {
          for (const { at, byte } of changes) {
            whole[at] = byte;
          }
          return whole;
        });
        const result = decodePlan(bytes);
        if (result.ok) {
          expect(encodePlan(result.plan)).toStrictEqual(bytes);
        } else {
          expect(result.error.offset).toBeLessThanOrEqual(bytes.length);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test.each(['NODE', 'EDGE', 'COMP', 'GATE', 'VOIC'])(
    'a huge count in %s is refused at once, where it stands',
    (tag) => {
      const bytes = forged((whole, view) => {
        view.setUint32(contentOf(whole, tag), 0xffff_ffff, true);
        return whole;
      });
      const before = process.memoryUsage().rss;
      const { offset, message } = refusal(bytes);
      expect(offset).toBe(contentOf(bytes, tag));
      expect(message).toMatch(/expected a count of at most \d+ .*found 4294967295/);
      expect(process.memoryUsage().rss - before).toBeLessThan(32 * 2 ** 20);
    },
  );

  const wrong = (change: (view: DataView, bytes: Uint8Array) => void) =>
    refusal(
      forged((bytes, view) => {
        change(view, bytes);
        return bytes;
      }),
    );

  test('another magic is refused at 0', () => {
    expect(wrong((view) => view.setUint8(0, 0x42))).toStrictEqual({
      offset: 0,
      message: expect.stringContaining('AMPPLAN'),
    });
  });

  test('another version is refused at 8', () => {
    const { offset, message } = wrong((view) => view.setUint32(8, 1, true));
    expect([offset, message]).toStrictEqual([8, 'header: expected version 3, found 1']);
  });

  test('an unknown tag is refused where it stands', () => {
    const { message } = wrong((_, bytes) => bytes.set([0x58], contentOf(bytes, 'GATE') - 8));
    expect(message).toBe('GATE: expected the tag "GATE", found "XATE"');
  });

  test('a section that is longer than the plan is refused at its length', () => {
    const { offset, message } = wrong((view, bytes) => view.setUint32(contentOf(bytes, 'SCHD') - 4, 0x7fff_ffff, true));
    expect(offset).toBe(contentOf(encodePlan(wholePlan), 'SCHD') - 4);
    expect(message).toMatch(/expected a content length of at most/);
  });

  test('a section that is shorter than its fields is refused', () => {
    expect(wrong((view, bytes) => view.setUint32(contentOf(bytes, 'STRM') - 4, 20, true)).message).toMatch(/^stream\./);
  });

  test('a text that is not UTF-8 is refused', () => {
    const { offset, message } = wrong((_, bytes) => bytes.set([0xff], contentOf(bytes, 'STRM') + 4));
    expect([offset, message]).toStrictEqual([36, 'stream.name: expected valid UTF-8']);
  });

  test('an infinite number is refused', () => {
    const rate = contentOf(encodePlan(wholePlan), 'STRM') + 4 + Buffer.byteLength(wholePlan.stream.name);
    const { offset, message } = wrong((view) => view.setFloat64(rate, Number.POSITIVE_INFINITY, true));
    expect([offset, message]).toStrictEqual([rate, 'stream.sample_rate: expected a finite number, found Infinity']);
  });

  test.each<[string, Partial<Plan>, RegExp]>([
    [
      'a component',
      { nodes: wholePlan.nodes.map((node) => ({ ...node, component: 99 })) },
      /node.component: .*below 6/,
    ],
    [
      'a voice group',
      { nodes: wholePlan.nodes.map((node) => ({ ...node, voiceGroup: 1 })) },
      /node.voice_group: .*below 1/,
    ],
    [
      'a node of an edge',
      { edges: wholePlan.edges.map((edge) => ({ ...edge, toNode: 6 })) },
      /edge.to_node: .*below 6/,
    ],
    [
      'an output',
      { edges: wholePlan.edges.map((edge) => ({ ...edge, fromOutput: 9 })) },
      /expected from_output below 6/,
    ],
    ['an input', { edges: wholePlan.edges.map((edge) => ({ ...edge, toIndex: 9 })) }, /expected to_index below \d/],
    ['a gate', { edges: wholePlan.edges.map((edge) => ({ ...edge, gate: 1 })) }, /edge.gate: .*below 1/],
    ['a node of a component', { components: [{ quantum: 1, isLoop: false, nodes: [6] }] }, /below/],
    [
      'a node of a signal',
      { gates: wholePlan.gates.map((gate) => ({ ...gate, signals: [{ node: 6, output: 0 }] })) },
      /gate_signal.node: .*below 6/,
    ],
    [
      'an output of a signal',
      { gates: wholePlan.gates.map((gate) => ({ ...gate, signals: [{ node: 0, output: 6 }] })) },
      /gate_signal: expected output below 6/,
    ],
    ['an edge of a gate', { gates: wholePlan.gates.map((gate) => ({ ...gate, edges: [7] })) }, /gate.edges: .*below 7/],
  ])('a reference to %s that is not there is refused', (_, change, message) => {
    expect(refusal(encodePlan({ ...wholePlan, ...change })).message).toMatch(message);
  });

  test('heat for some of the nodes is refused', () => {
    const plan = { ...wholePlan, thermal: { ...wholePlan.thermal, nodes: wholePlan.thermal.nodes.slice(1) } };
    expect(refusal(encodePlan(plan)).message).toBe('thermal.nodes: expected 6 items, found 5');
  });

  test('a quantum that is no power of two is refused', () => {
    const plan = { ...wholePlan, components: wholePlan.components.map((component) => ({ ...component, quantum: 48 })) };
    expect(refusal(encodePlan(plan)).message).toBe(
      'component.quantum: expected a power of two from 1 to 4096, found 48',
    );
  });
});
