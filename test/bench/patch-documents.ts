// Our patches of the pieces, as objects that are written as JSON.

import {
  branchCount,
  branchFrequency,
  branchPosition,
  chainFeedback,
  chainLength,
  each,
  filterCutoff,
  filterQ,
  filtersInBranch,
  noteLevel,
  noteRamp,
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
} from './numbers.js';

type NodeDocument = Readonly<Record<string, number | string | readonly number[]>>;

interface EdgeDocument {
  readonly id?: string;
  readonly from: string;
  readonly to: string;
  readonly gain?: number;
  readonly depth?: number;
  readonly delay?: number;
}

export interface PatchDocument {
  readonly amp: 1;
  readonly schedule?: 'ipls';
  readonly nodes: Readonly<Record<string, NodeDocument>>;
  readonly edges: readonly EdgeDocument[];
}

const mono: NodeDocument = { type: 'output', channels: 1 };
const stereo: NodeDocument = { type: 'output', channels: 2 };
const mix: NodeDocument = { type: 'mix' };

/** The same patch under the planner's schedule. */
export function scheduled(document: PatchDocument): PatchDocument {
  return { ...document, schedule: 'ipls' };
}

/** The text of a patch file, one node or edge a line, below a comment of one line. */
export function patchText({ amp, schedule, nodes, edges }: PatchDocument, comment: string): string {
  const line = (value: unknown): string => JSON.stringify(value);
  const nodeLines = Object.entries(nodes).map(([id, node]) => `    ${line(id)}: ${line(node)}`);
  const edgeLines = edges.map((edge) => `    ${line(edge)}`);
  const scheduleLine = schedule === undefined ? '' : `  "schedule": ${line(schedule)},\n`;
  return (
    `// ${comment}\n{\n  "amp": ${amp},\n${scheduleLine}` +
    `  "nodes": {\n${nodeLines.join(',\n')}\n  },\n  "edges": [\n${edgeLines.join(',\n')}\n  ]\n}\n`
  );
}

export function sinesAsOneNode(): PatchDocument {
  return {
    amp: 1,
    nodes: { sines: { type: 'sine', freq: each(sineCount, sineFrequency) }, sum: mix, out: mono },
    edges: [
      { from: 'sines', to: 'sum' },
      { from: 'sum', to: 'out', gain: sineLevel },
    ],
  };
}

export function sinesAsNodes(): PatchDocument {
  const sines = each(sineCount, (i) => [`sine_${i}`, { type: 'sine', freq: sineFrequency(i) }] as const);
  return {
    amp: 1,
    nodes: { ...Object.fromEntries(sines), sum: mix, out: mono },
    edges: [...sines.map(([id]) => ({ from: id, to: 'sum' })), { from: 'sum', to: 'out', gain: sineLevel }],
  };
}

export function sweptVoices(): PatchDocument {
  return {
    amp: 1,
    nodes: {
      saw: { type: 'saw', freq: each(voiceCount, voiceFrequency) },
      sweep: { type: 'lfo', freq: each(voiceCount, voiceSweepRate) },
      filter: { type: 'svf', cutoff: sweepCentre, resonance: 1 - sweepDamping / 2 },
      place: { type: 'pan', position: each(voiceCount, voicePosition) },
      sum: mix,
      out: stereo,
    },
    edges: [
      { from: 'saw', to: 'filter' },
      { from: 'sweep', to: 'filter.cutoff', depth: sweepDepth },
      { from: 'filter', to: 'place' },
      { from: 'place', to: 'sum' },
      { from: 'sum', to: 'out', gain: sawLevel / voiceCount },
    ],
  };
}

export function filterChain(): PatchDocument {
  const ids = ['noise', ...each(chainLength, (i) => `filter_${i}`), 'out'];
  const filters = ids.slice(1, -1).map((id) => [id, { type: 'one_pole', cutoff: chainCutoff() }] as const);
  return {
    amp: 1,
    nodes: { noise: { type: 'noise' }, ...Object.fromEntries(filters), out: mono },
    edges: chained(ids),
  };
}

/**
 * The corner of a trapezoidal one-pole whose response is that of y' = (1 - c) x + c y wherever 256 of them let
 * anything through. With w the angle of a frame, 1 / |H|^2 is 1 + tan(w / 2)^2 / g^2, g = tan(pi cutoff / rate), for the
 * one, and 1 + 4 c sin(w / 2)^2 / (1 - c)^2 for the other.
 */
function chainCutoff(): number {
  const tangent = (1 - chainFeedback) / (2 * Math.sqrt(chainFeedback));
  return (Math.atan(tangent) * sampleRate) / Math.PI;
}

function chained(ids: readonly string[]): EdgeDocument[] {
  return ids.slice(1).map((to, index) => ({ from: ids[index] ?? '', to }));
}

const biquad: NodeDocument = { type: 'biquad', cutoff: filterCutoff, q: filterQ };

export function branchesOfNodes(): PatchDocument {
  const branches = each(branchCount, (branch) => {
    const filters = each(filtersInBranch, (i) => `filter_${branch}_${i}`);
    return {
      ids: [`saw_${branch}`, ...filters, `place_${branch}`, 'sum'],
      nodes: {
        [`saw_${branch}`]: { type: 'saw', freq: branchFrequency(branch) },
        ...Object.fromEntries(filters.map((id) => [id, biquad] as const)),
        [`place_${branch}`]: { type: 'pan', position: branchPosition(branch) },
      },
    };
  });
  return {
    amp: 1,
    nodes: { ...Object.assign({}, ...branches.map(({ nodes }) => nodes)), sum: mix, out: stereo },
    edges: [...branches.flatMap(({ ids }) => chained(ids)), { from: 'sum', to: 'out', gain: sawLevel / branchCount }],
  };
}

export function branchesAsLanes(): PatchDocument {
  const filters = each(filtersInBranch, (i) => `filter_${i}`);
  return {
    amp: 1,
    nodes: {
      saw: { type: 'saw', freq: each(branchCount, branchFrequency) },
      ...Object.fromEntries(filters.map((id) => [id, biquad] as const)),
      place: { type: 'pan', position: each(branchCount, branchPosition) },
      sum: mix,
      out: stereo,
    },
    edges: [...chained(['saw', ...filters, 'place', 'sum']), { from: 'sum', to: 'out', gain: sawLevel / branchCount }],
  };
}

export function spectraAsLanes(): PatchDocument {
  const spectra = { size: windowFrames, overlap: windowsInFrame };
  return {
    amp: 1,
    nodes: {
      saw: { type: 'saw', freq: each(spectrumCount, spectrumFrequency) },
      apart: { type: 'fft', ...spectra },
      together: { type: 'ifft', ...spectra },
      sum: mix,
      out: mono,
    },
    edges: [
      ...chained(['saw', 'apart', 'together', 'sum']),
      { from: 'sum', to: 'out', gain: sawLevel / spectrumCount },
    ],
  };
}

/** Voices of w6: twenty sound at any time, and some more leave room for those that end. */
const noteVoices = 24;

export function shortNotes(): PatchDocument {
  return {
    amp: 1,
    nodes: {
      keys: { type: 'keys', voices: noteVoices },
      sine: { type: 'sine' },
      swell: { type: 'adsr', attack: noteRamp, decay: 0, sustain: 1, release: noteRamp },
      level: { type: 'gain', gain: 0 },
      sum: mix,
      out: mono,
    },
    edges: [
      { from: 'keys.freq', to: 'sine.freq' },
      { from: 'keys.gate', to: 'swell.gate' },
      { from: 'sine', to: 'level' },
      { from: 'swell', to: 'level.gain' },
      { from: 'level', to: 'sum' },
      { from: 'sum', to: 'out', gain: noteLevel },
    ],
  };
}

/** So many sines, each a node of one lane, and their sum. */
export function independentNodes(count: number): PatchDocument {
  const ids = each(count, (i) => `sine_${i}`);
  return {
    amp: 1,
    nodes: {
      ...Object.fromEntries(ids.map((id, i) => [id, { type: 'sine', freq: sineFrequency(i % sineCount) }])),
      sum: mix,
      out: mono,
    },
    edges: [...ids.map((from) => ({ from, to: 'sum' })), { from: 'sum', to: 'out', gain: 0.5 / count }],
  };
}
