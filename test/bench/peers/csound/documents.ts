// The pieces as Csound would have them: an orchestra of one instrument, and a score that plays it.

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
  placeGains,
  sampleRate,
  sawLevel,
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
import { channelsOf } from '../../workloads.js';
import type { Piece } from '../peer.js';

interface Instrument {
  readonly lines: readonly string[];
  /** Of each instance: seconds of its begin and its length, then its own numbers, p4 and so on. */
  readonly instances: readonly (readonly number[])[];
}

/** The document of a piece that lasts for some seconds, computed in blocks. */
export function documentOf(piece: Piece, seconds: number, block: number): string {
  const { lines, instances } = instrumentOf(piece, seconds);
  return `<CsoundSynthesizer>
<CsInstruments>
sr = ${sampleRate}
ksmps = ${block}
nchnls = ${channelsOf(piece)}
0dbfs = 1
gisine ftgen 1, 0, 16384, 10, 1
instr 1
${lines.join('\n')}
endin
</CsInstruments>
<CsScore>
${instances.map((numbers) => `i1 ${numbers.join(' ')}`).join('\n')}
e ${seconds}
</CsScore>
</CsoundSynthesizer>
`;
}

function instrumentOf(piece: Piece, seconds: number): Instrument {
  const throughout = (count: number, numbers: (index: number) => readonly number[]): Instrument['instances'] =>
    each(count, (index) => [0, seconds, ...numbers(index)]);
  switch (piece) {
    case 'w1':
      return { lines: sumOfSines(), instances: throughout(1, () => []) };
    case 'w1n':
      return { lines: oneSine(), instances: throughout(sineCount, (i) => [sineFrequency(i)]) };
    case 'w2':
    case 'w2a':
      return { lines: sweptVoice(piece), instances: throughout(voiceCount, voiceNumbers) };
    case 'w3':
      return { lines: filterChain(), instances: throughout(1, () => []) };
    case 'w4':
      return { lines: filteredBranch(), instances: throughout(branchCount, branchNumbers) };
    case 'w5':
      return { lines: spectrum(), instances: throughout(spectrumCount, (i) => [spectrumFrequency(i)]) };
    case 'w6':
      return { lines: shortNote(), instances: shortNotes(seconds) };
    case 'w6-held':
      return { lines: shortNote(), instances: throughout(notesSounding, (i) => [keyFrequency(noteKey(i))]) };
  }
}

function sumOfSines(): readonly string[] {
  const sines = each(sineCount, (i) => [
    `a${i} oscili ${sineLevel}, ${sineFrequency(i)}, gisine`,
    `asum = asum + a${i}`,
  ]);
  return ['asum = 0', ...sines.flat(), 'out asum'];
}

function oneSine(): readonly string[] {
  return [`asine oscili ${sineLevel}, p4, gisine`, 'out asine'];
}

function voiceNumbers(index: number): readonly number[] {
  const { left, right } = placeGains(voicePosition(index));
  return [voiceFrequency(index), voiceSweepRate(index), left, right];
}

/** w2 sweeps once a block, as is usual there; w2a every frame, with the filter that takes its corner so. */
function sweptVoice(piece: 'w2' | 'w2a'): readonly string[] {
  const filter =
    piece === 'w2'
      ? [
          `ksweep oscili ${sweepDepth}, p5, gisine`,
          `alow, ahigh, aband svfilter asaw, ${sweepCentre} + ksweep, ${1 / sweepDamping}`,
        ]
      : [
          `asweep oscili ${sweepDepth}, p5, gisine`,
          `alow zdf_2pole asaw, ${sweepCentre} + asweep, ${1 / sweepDamping}`,
        ];
  return [`asaw vco2 ${sawLevel / voiceCount}, p4`, ...filter, 'outs alow * p6, alow * p7'];
}

/** The half-power corner at which the opcode's filter is y' = (1 - c) x + c y. */
function filterChain(): readonly string[] {
  const cosine = 2 - (chainFeedback + 1 / chainFeedback) / 2;
  const corner = (Math.acos(cosine) * sampleRate) / (2 * Math.PI);
  return ['asound rand 1, 0.5, 1', ...each(chainLength, () => `asound tone asound, ${corner}`), 'out asound'];
}

function branchNumbers(index: number): readonly number[] {
  const { left, right } = placeGains(branchPosition(index));
  return [branchFrequency(index), left, right];
}

function filteredBranch(): readonly string[] {
  const { b0, b1, b2, a1, a2 } = filterSection();
  const filter = `asound biquad asound, ${[b0, b1, b2, 1, a1, a2].join(', ')}`;
  return [
    `asound vco2 ${sawLevel / branchCount}, p4`,
    ...each(filtersInBranch, () => filter),
    'outs asound * p5, asound * p6',
  ];
}

function spectrum(): readonly string[] {
  const hannWindow = 1;
  const form = [windowFrames, windowFrames / windowsInFrame, windowFrames, hannWindow].join(', ');
  return [
    `asaw vco2 ${sawLevel / spectrumCount}, p4`,
    `fspectrum pvsanal asaw, ${form}`,
    'asound pvsynth fspectrum',
    'out asound',
  ];
}

function shortNote(): readonly string[] {
  return [`aswell linen ${noteLevel}, ${noteRamp}, p3, ${noteRamp}`, 'asine oscili aswell, p4, gisine', 'out asine'];
}

/** All notes that end before the score does. */
function shortNotes(seconds: number): Instrument['instances'] {
  const count = Math.max(0, Math.floor((seconds * sampleRate - noteLength) / noteEvery));
  return each(count, (index) => [
    (index * noteEvery) / sampleRate,
    noteLength / sampleRate,
    keyFrequency(noteKey(index)),
  ]);
}
