// The pieces as SuperCollider would have them: the same numbers in its own unit generators.

import {
  branchCount,
  branchFrequency,
  branchPosition,
  chainFeedback,
  chainLength,
  each,
  filterSection,
  filtersInBranch,
  keyFrequency,
  noteEvery,
  noteKey,
  noteLength,
  noteLevel,
  noteRamp,
  notesSounding,
  sampleRate,
  sineCount,
  sineFrequency,
  sineLevel,
  spectrumCount,
  spectrumFrequency,
  sweepCentre,
  sweepDamping,
  sweepDepth,
  voiceCount,
  voiceFrequency,
  voicePosition,
  voiceSweepRate,
  windowFrames,
  windowsInFrame,
} from '../../numbers.js';
import type { Piece } from '../peer.js';
import type { Argument, ScoreEntry } from './score.js';
import { encodeScore } from './score.js';
import type { Input, SynthDefinition, Wire } from './synth-definition.js';
import { SynthBuilder } from './synth-definition.js';
import { encodeSynthDefinitions } from './synth-definition-file.js';

interface Synth {
  /** Seconds from the start of the score. */
  readonly time: number;
  readonly parameters: Readonly<Record<string, number>>;
}

export interface Synths {
  readonly definition: SynthDefinition;
  /** In the order of their times. */
  readonly synths: readonly Synth[];
}

const plus = { specialIndex: 0 };
const times = { specialIndex: 2 };

/** What the server runs for a piece that lasts for some seconds. */
export function synthsOf(piece: Piece, seconds: number): Synths {
  switch (piece) {
    case 'w1':
      return { definition: sumOfSines(), synths: atOnce(1, () => ({})) };
    case 'w1n':
      return { definition: oneSine(), synths: atOnce(sineCount, (i) => ({ freq: sineFrequency(i) })) };
    case 'w2':
    case 'w2a':
      return { definition: sweptVoice(piece), synths: atOnce(voiceCount, voiceSettings) };
    case 'w3':
      return { definition: filterChain(), synths: atOnce(1, () => ({})) };
    case 'w4':
      return { definition: filteredBranch(), synths: atOnce(branchCount, branchSettings) };
    case 'w5':
      return { definition: spectrum(), synths: atOnce(spectrumCount, (i) => ({ freq: spectrumFrequency(i) })) };
    case 'w6':
      return { definition: shortNote(noteLength / sampleRate), synths: shortNotes(seconds) };
    case 'w6-held':
      return { definition: shortNote(seconds), synths: atOnce(notesSounding, noteSettings) };
  }
}

/** The score that plays a piece for some seconds, all its synths in one group. */
export function scoreOf(piece: Piece, seconds: number, groupType: 'group' | 'parallel group'): Buffer {
  const { definition, synths } = synthsOf(piece, seconds);
  const group = 900;
  const addToHead = 0;
  const entries: ScoreEntry[] = [
    entry('/d_recv', [encodeSynthDefinitions([definition])]),
    entry(groupType === 'group' ? '/g_new' : '/p_new', [group, addToHead, 0].map(asInteger)),
    ...synths.map(({ time, parameters }, index) => ({
      ...entry('/s_new', [
        definition.name,
        ...[1000 + index, addToHead, group].map(asInteger),
        ...Object.entries(parameters).flatMap(([name, value]) => [name, { float: value }]),
      ]),
      time,
    })),
    // Does nothing, at the end.
    { time: seconds, address: '/c_set', arguments: [asInteger(0), { float: 0 }] },
  ];
  return encodeScore(entries);
}

function atOnce(count: number, parameters: (index: number) => Synth['parameters']): readonly Synth[] {
  return each(count, (index) => ({ time: 0, parameters: parameters(index) }));
}

/** All notes that end before the score does. */
function shortNotes(seconds: number): readonly Synth[] {
  const count = Math.max(0, Math.floor((seconds * sampleRate - noteLength) / noteEvery));
  return each(count, (index) => ({ time: (index * noteEvery) / sampleRate, parameters: noteSettings(index) }));
}

function noteSettings(index: number): Synth['parameters'] {
  return { freq: keyFrequency(noteKey(index)) };
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

function filteredBranch(): SynthDefinition {
  const synth = new SynthBuilder('w4', [
    { name: 'freq', value: 110 },
    { name: 'pan', value: 0 },
  ]);
  const { b0, b1, b2, a1, a2 } = filterSection();
  let signal = synth.add('Saw', [synth.parameter('freq')]);
  for (let i = 0; i < filtersInBranch; i += 1) {
    // Of the input, then of the output, all added.
    signal = synth.add('SOS', [signal, b0, b1, b2, -a1, -a2]);
  }
  placed(synth, signal, synth.parameter('pan'), 1 / branchCount);
  return synth.build();
}

/** Its sine windows, in and out, add up to half their number in a frame. */
function spectrum(): SynthDefinition {
  const synth = new SynthBuilder('w5', [{ name: 'freq', value: 110 }]);
  synth.add('MaxLocalBufs', [1], { rate: 'scalar' });
  const memory = synth.add('LocalBuf', [1, windowFrames], { rate: 'scalar' });
  const saw = synth.add('Saw', [synth.parameter('freq')]);
  const [sineWindow, active, wholeMemory] = [0, 1, 0];
  const apart = synth.add('FFT', [memory, saw, 1 / windowsInFrame, sineWindow, active, wholeMemory], {
    rate: 'control',
  });
  const together = synth.add('IFFT', [apart, sineWindow, wholeMemory]);
  const level = 2 / windowsInFrame / spectrumCount;
  synth.add('Out', [0, synth.add('BinaryOpUGen', [together, level], times)], { outputs: 0 });
  return synth.build();
}

/** A sine that swells, holds and ends within so many seconds, and then frees itself. */
function shortNote(seconds: number): SynthDefinition {
  const synth = new SynthBuilder('w6', [{ name: 'freq', value: 440 }]);
  const linear = 1;
  const freeSelf = 2;
  const envelope = synth.add('EnvGen', [
    ...[1, 1, 0, 1, freeSelf], // gate, level, bias, time, what is done at the end
    ...[0, 3, -99, -99], // first level, count of segments, neither a release node nor a loop
    ...[1, noteRamp, linear, 0],
    ...[1, seconds - 2 * noteRamp, linear, 0],
    ...[0, noteRamp, linear, 0],
  ]);
  const sine = synth.add('SinOsc', [synth.parameter('freq'), 0]);
  const scaled = synth.add('BinaryOpUGen', [sine, noteLevel], times);
  synth.add('Out', [0, synth.add('BinaryOpUGen', [scaled, envelope], times)], { outputs: 0 });
  return synth.build();
}
