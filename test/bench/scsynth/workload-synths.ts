// The workloads as SuperCollider would have them: the same numbers in its own unit generators.

import type { WorkloadId } from '../workloads.js';
import {
  branchCount,
  branchFrequency,
  branchPosition,
  chainFeedback,
  chainLength,
  filterCutoff,
  filterQ,
  filtersInBranch,
  sineCount,
  sineFrequency,
  sineLevel,
  sweepCentre,
  sweepDamping,
  sweepDepth,
  voiceCount,
  voiceFrequency,
  voicePosition,
  voiceSweepRate,
} from '../workloads.js';
import type { Argument, ScoreEntry } from './score.js';
import { encodeScore } from './score.js';
import type { Input, SynthDefinition, Wire } from './synth-definition.js';
import { SynthBuilder } from './synth-definition.js';
import { encodeSynthDefinitions } from './synth-definition-file.js';

export interface Synths {
  readonly definition: SynthDefinition;
  /** A synth each: what its parameters are set to. */
  readonly settings: readonly Readonly<Record<string, number>>[];
}

const plus = { specialIndex: 0 };
const times = { specialIndex: 2 };

/** What the server runs for a workload. */
export function synthsOf(workload: WorkloadId, sampleRate: number): Synths {
  switch (workload) {
    case 'w1':
      return { definition: sumOfSines(), settings: [{}] };
    case 'w1n':
      return { definition: oneSine(), settings: each(sineCount, (i) => ({ freq: sineFrequency(i) })) };
    case 'w2':
    case 'w2a':
      return { definition: sweptVoice(workload), settings: each(voiceCount, voiceSettings) };
    case 'w3':
      return { definition: filterChain(), settings: [{}] };
    case 'w4':
    case 'w4b':
      return { definition: filteredBranch(sampleRate), settings: each(branchCount, branchSettings) };
  }
}

/** The score that plays a workload for some seconds. */
export function scoreOf(workload: WorkloadId, sampleRate: number, seconds: number): Buffer {
  const { definition, settings } = synthsOf(workload, sampleRate);
  const group = 900;
  const addToHead = 0;
  const entries: ScoreEntry[] = [
    entry('/d_recv', [encodeSynthDefinitions([definition])]),
    entry('/g_new', [group, addToHead, 0].map(asInteger)),
    ...settings.map((values, index) =>
      entry('/s_new', [
        definition.name,
        ...[1000 + index, addToHead, group].map(asInteger),
        ...Object.entries(values).flatMap(([name, value]) => [name, { float: value }]),
      ]),
    ),
    // Does nothing, at the end.
    { time: seconds, address: '/c_set', arguments: [asInteger(0), { float: 0 }] },
  ];
  return encodeScore(entries);
}

function each<Item>(count: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function entry(address: string, list: readonly Argument[]): ScoreEntry {
  return { time: 0, address, arguments: list };
}

function asInteger(value: number): Argument {
  return { integer: value };
}

function sumOfSines(): SynthDefinition {
  const synth = new SynthBuilder('w1');
  const sum = mixed(synth, 0, sineCount, (i) => synth.add('SinOsc', [sineFrequency(i), 0]));
  const scaled = synth.add('BinaryOpUGen', [sum, sineLevel], times);
  synth.add('Out', [0, scaled], { outputs: 0 });
  return synth.build();
}

/**
 * The sum of `count` signals, a power of two, by fours as the class Mix adds them, depth first so that few wires are in
 * use at a time.
 */
function mixed(synth: SynthBuilder, first: number, count: number, signal: (index: number) => Wire): Wire {
  if (count === 1) {
    return signal(first);
  }
  const parts = count % 4 === 0 && Math.log2(count) % 2 === 0 ? 4 : 2;
  const size = count / parts;
  const sums = each(parts, (part) => mixed(synth, first + part * size, size, signal));
  return parts === 4 ? synth.add('Sum4', sums) : synth.add('BinaryOpUGen', sums, plus);
}

function oneSine(): SynthDefinition {
  const synth = new SynthBuilder('w1n', [{ name: 'freq', value: 440 }]);
  const sine = synth.add('SinOsc', [synth.parameter('freq'), 0]);
  const scaled = synth.add('BinaryOpUGen', [sine, sineLevel], times);
  synth.add('Out', [0, scaled], { outputs: 0 });
  return synth.build();
}

function voiceSettings(index: number): Record<string, number> {
  return { freq: voiceFrequency(index), lfo: voiceSweepRate(index), pan: voicePosition(index) };
}

/** w2 sweeps once a block, as is usual there; w2a every frame. */
function sweptVoice(workload: 'w2' | 'w2a'): SynthDefinition {
  const synth = new SynthBuilder(workload, [
    { name: 'freq', value: 110 },
    { name: 'lfo', value: 1 },
    { name: 'pan', value: 0 },
  ]);
  const rate = workload === 'w2' ? 'control' : 'audio';
  const saw = synth.add('Saw', [synth.parameter('freq')]);
  const sweep = synth.add('SinOsc', [synth.parameter('lfo'), 0], { rate });
  const cutoff = synth.add('MulAdd', [sweep, sweepDepth, sweepCentre], { rate });
  const filter = workload === 'w2' ? 'RLPF' : 'BLowPass';
  const filtered = synth.add(filter, [saw, cutoff, sweepDamping]);
  placed(synth, filtered, synth.parameter('pan'), 1 / voiceCount);
  return synth.build();
}

function placed(synth: SynthBuilder, signal: Wire, position: Input, level: number): void {
  const left = synth.add('Pan2', [signal, position, level], { outputs: 2 });
  synth.add('Out', [0, left, { ...left, output: 1 }], { outputs: 0 });
}

function filterChain(): SynthDefinition {
  const synth = new SynthBuilder('w3');
  let signal = synth.add('WhiteNoise', []);
  for (let i = 0; i < chainLength; i += 1) {
    signal = synth.add('OnePole', [signal, chainFeedback]);
  }
  synth.add('Out', [0, signal], { outputs: 0 });
  return synth.build();
}

function branchSettings(index: number): Record<string, number> {
  return { freq: branchFrequency(index), pan: branchPosition(index) };
}

function filteredBranch(sampleRate: number): SynthDefinition {
  const synth = new SynthBuilder('w4', [
    { name: 'freq', value: 110 },
    { name: 'pan', value: 0 },
  ]);
  const coefficients = lowpassSection(filterCutoff, filterQ, sampleRate);
  let signal = synth.add('Saw', [synth.parameter('freq')]);
  for (let i = 0; i < filtersInBranch; i += 1) {
    signal = synth.add('SOS', [signal, ...coefficients]);
  }
  placed(synth, signal, synth.parameter('pan'), 1 / branchCount);
  return synth.build();
}

/**
 * A second-order low-pass as SOS takes it: a0, a1, a2 of the input, b1, b2 of the output, added. Source: R. Bristow-Johnson,
 * 'Cookbook formulae for audio equalizer biquad filter coefficients'.
 */
function lowpassSection(cutoff: number, q: number, sampleRate: number): readonly number[] {
  const angle = (2 * Math.PI * cutoff) / sampleRate;
  const alpha = Math.sin(angle) / (2 * q);
  const scale = 1 / (1 + alpha);
  const a1 = (1 - Math.cos(angle)) * scale;
  return [a1 / 2, a1, a1 / 2, 2 * Math.cos(angle) * scale, (alpha - 1) * scale];
}
