// The pieces as Faust would have them. It has no control rate: what sweeps, sweeps every frame.

import {
  branchCount,
  branchFrequency,
  branchPosition,
  chainFeedback,
  chainLength,
  each,
  filterSection,
  filtersInBranch,
  placeGains,
  sawLevel,
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
} from '../../numbers.js';

export type FaustPiece = 'w1' | 'w2' | 'w3' | 'w4';

/** The text of a program. */
export function programOf(piece: FaustPiece): string {
  return `import("stdfaust.lib");\nprocess = ${processOf(piece)};\n`;
}

function processOf(piece: FaustPiece): string {
  switch (piece) {
    case 'w1':
      return `${parallel(each(sineCount, (i) => `os.osc(${sineFrequency(i)})`))} :> *(${sineLevel})`;
    case 'w2':
      return `${parallel(each(voiceCount, sweptVoice))} :> _, _`;
    case 'w3':
      return `no.noise : seq(i, ${chainLength}, si.smooth(${chainFeedback}))`;
    case 'w4':
      return `${parallel(each(branchCount, filteredBranch))} :> _, _`;
  }
}

function parallel(terms: readonly string[]): string {
  return `(\n  ${terms.join(',\n  ')}\n)`;
}

function sweptVoice(index: number): string {
  const corner = `${sweepCentre} + ${sweepDepth} * os.osc(${voiceSweepRate(index)})`;
  const filter = `fi.resonlp(${corner}, ${1 / sweepDamping}, ${sawLevel / voiceCount})`;
  return `(os.sawtooth(${voiceFrequency(index)}) : ${filter} ${placed(voicePosition(index))})`;
}

function filteredBranch(index: number): string {
  const { b0, b1, b2, a1, a2 } = filterSection();
  const filters = `seq(i, ${filtersInBranch}, fi.tf2(${[b0, b1, b2, a1, a2].join(', ')}))`;
  const saw = `os.sawtooth(${branchFrequency(index)}) * ${sawLevel / branchCount}`;
  return `(${saw} : ${filters} ${placed(branchPosition(index))})`;
}

function placed(position: number): string {
  const { left, right } = placeGains(position);
  return `<: *(${left}), *(${right})`;
}
