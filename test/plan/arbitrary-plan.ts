// Plans of every kind that the format can hold. They need not make musical sense.

import fc from 'fast-check';
import type { Plan, PlanValue } from '../../src/plan/plan.js';
import { longestFrames, planUnits } from '../../src/plan/plan.js';

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const text = fc.string({ unit: 'binary', maxLength: 12 });
const frames = fc.integer({ min: 0, max: longestFrames });
const extent = fc.oneof(frames, fc.constant('endless' as const));
const value: fc.Arbitrary<PlanValue> = fc.record({ number, unit: fc.constantFrom(...planUnits) });
const limit = fc.option(number, { nil: null });

const slew = fc.record({ rate: limit, acceleration: limit, area: limit });

const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });

const parameter = fc.record({
  name: text,
  isWritten: fc.boolean(),
  base: few(value),
  slew,
});

const input = fc.record({
  name: text,
  group: text,
  batch: u32,
  channels: u32,
  default: number,
  absent: fc.constantFrom('default', 'hold', 'optional'),
  asks: frames,
  maxFrames: frames,
  overflow: fc.constantFrom('drop_oldest', 'block'),
});

const output = fc.record({
  name: text,
  group: text,
  batch: u32,
  channels: u32,
  release: fc.constantFrom('on_consume', 'on_publish'),
  history: frames,
  maxFrames: frames,
  period: u32,
});

interface Counts {
  readonly nodes: number;
  readonly edges: number;
  readonly components: number;
  readonly gates: number;
  readonly voiceGroups: number;
}

const counts: fc.Arbitrary<Counts> = fc.record({
  nodes: fc.integer({ min: 1, max: 4 }),
  edges: fc.integer({ min: 0, max: 4 }),
  components: fc.integer({ min: 1, max: 3 }),
  gates: fc.integer({ min: 0, max: 2 }),
  voiceGroups: fc.integer({ min: 0, max: 2 }),
});

const below = (count: number) => fc.integer({ min: 0, max: count - 1 });
const belowOrNull = (count: number) => (count === 0 ? fc.constant(null) : fc.option(below(count), { nil: null }));
const fewBelow = (count: number) => (count === 0 ? fc.constant([]) : few(below(count)));
const exactly = <T>(item: fc.Arbitrary<T>, length: number) => fc.array(item, { minLength: length, maxLength: length });

function node({ components, voiceGroups }: Counts) {
  return fc.record({
    id: text,
    type: text,
    batch: u32,
    channels: u32,
    component: below(components),
    voiceGroup: belowOrNull(voiceGroups),
    latency: frames,
    alignedLatency: frames,
    tail: extent,
    options: few(fc.record({ name: text, number })),
    parameters: few(parameter),
    inputs: fc.array(input, { minLength: 1, maxLength: 3 }),
    outputs: fc.array(output, { minLength: 1, maxLength: 3 }),
  });
}

function edge({ nodes, gates }: Counts) {
  return fc.record({
    id: text,
    fromNode: below(nodes),
    fromOutput: fc.constant(0),
    toNode: below(nodes),
    toKind: fc.constant('input' as const),
    toIndex: fc.constant(0),
    delay: frames,
    alignment: frames,
    gain: value,
    mode: fc.constantFrom('add', 'scale'),
    in: fc.constantFrom('linear', 'octaves'),
    gate: belowOrNull(gates),
    align: fc.boolean(),
    slew,
  });
}

function planWith(has: Counts): fc.Arbitrary<Plan> {
  const { nodes, edges, components, gates, voiceGroups } = has;
  return fc.record({
    stream: fc.record({
      name: text,
      sampleRate: number,
      tempo: number,
      meterNumerator: u32,
      meterDenominator: u32,
      seed: fc.maxSafeNat(),
      ceiling: value,
      outputLatency: frames,
      overload: fc.constantFrom('none', 'shed'),
    }),
    nodes: exactly(node(has), nodes),
    edges: exactly(edge(has), edges),
    components: exactly(
      fc.record({
        quantum: fc.integer({ min: 0, max: 12 }).map((power) => 2 ** power),
        isLoop: fc.boolean(),
        nodes: fewBelow(nodes),
      }),
      components,
    ),
    gates: exactly(
      fc.record({
        id: text,
        whileClosed: fc.constantFrom('mute', 'sample', 'hold'),
        release: fc.constantFrom('resume', 'skip'),
        isOpen: fc.boolean(),
        quantize: value,
        edges: fewBelow(edges),
        signals: few(fc.record({ node: below(nodes), output: fc.constant(0) })),
      }),
      gates,
    ),
    voiceGroups: exactly(
      fc.record({
        keysNode: below(nodes),
        lanes: u32,
        channel: u32,
        ring: extent,
        members: fewBelow(nodes),
        exitEdges: fewBelow(edges),
        envelopes: fewBelow(nodes),
      }),
      voiceGroups,
    ),
    thermal: fc.record({
      ambient: number,
      warm: number,
      limit: number,
      onLimit: fc.constantFrom('report', 'attenuate'),
      nodes: exactly(fc.record({ gain: number, tau: number }), nodes),
    }),
    schedule: fc.option(
      fc.record({
        stages: few(
          fc.record({ partialLatency: u32, cohorts: few(fc.record({ type: text, nodes: fewBelow(nodes) })) }),
        ),
      }),
      { nil: null },
    ),
  });
}

export const arbitraryPlan: fc.Arbitrary<Plan> = counts.chain(planWith);
