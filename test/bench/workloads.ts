// The workloads that are measured: their numbers, and their patches. test/bench/scsynth holds the same for scsynth.

/** Frames a second of every measurement. */
export const sampleRate = 48_000;

export const sineCount = 512;
export const sineFrequency = (index: number): number => 100 + index * 7.31;
/** The sum crests at half of full scale, below what makes our limiter work. */
export const sineLevel = 0.5 / sineCount;

/** scsynth's saw goes from -0.5 to 0.5, ours from -1 to 1. */
const sawLevel = 0.5;

export const voiceCount = 128;
export const voiceFrequency = (index: number): number => 55 + index * 5.17;
export const voiceSweepRate = (index: number): number => 0.5 + index * 0.05;
export const voicePosition = (index: number): number => (2 * index) / (voiceCount - 1) - 1;
/** Hz. */
export const sweepCentre = 1500;
export const sweepDepth = 800;
/** 1 / Q. */
export const sweepDamping = 0.3;

export const chainLength = 256;
/** c in y' = (1 - c) x + c y, the filter that scsynth has. */
export const chainFeedback = 0.3;

export const branchCount = 64;
export const branchFrequency = (index: number): number => 55 + index * 7.3;
export const branchPosition = (index: number): number => (2 * index) / (branchCount - 1) - 1;
export const filtersInBranch = 8;
/** Hz. */
export const filterCutoff = 8000;
export const filterQ = Math.SQRT1_2;

export const workloadIds = ['w1', 'w1n', 'w2', 'w2a', 'w3', 'w4', 'w4b'] as const;
export type WorkloadId = (typeof workloadIds)[number];

export interface Workload {
  readonly id: WorkloadId;
  readonly purpose: string;
  readonly channels: number;
  /** User CPU seconds for 20 s of sound that we want to reach at the AVX-512 level. */
  readonly target: number;
  /** The patch, as an object that is written as JSON. */
  readonly patch: () => PatchDocument;
}

type NodeDocument = Readonly<Record<string, number | string | readonly number[]>>;

interface EdgeDocument {
  readonly from: string;
  readonly to: string;
  readonly gain?: number;
  readonly depth?: number;
  readonly delay?: number;
}

export interface PatchDocument {
  readonly amp: 1;
  readonly nodes: Readonly<Record<string, NodeDocument>>;
  readonly edges: readonly EdgeDocument[];
}

const mono: NodeDocument = { type: 'output', channels: 1 };
const stereo: NodeDocument = { type: 'output', channels: 2 };
const mix: NodeDocument = { type: 'mix' };

export const workloads: readonly Workload[] = [
  {
    id: 'w1',
    purpose: '512 sines, one node with an array of frequencies, summed',
    channels: 1,
    target: 0.11,
    patch: sinesAsOneNode,
  },
  { id: 'w1n', purpose: 'the same as 512 nodes', channels: 1, target: 0.45, patch: sinesAsNodes },
  {
    id: 'w2',
    purpose: '128 voices: saw, resonant low-pass swept by an LFO, pan; summed',
    channels: 2,
    target: 0.12,
    patch: sweptVoices,
  },
  {
    id: 'w2a',
    purpose: 'the same patch; scsynth sweeps every frame too',
    channels: 2,
    target: 0.12,
    patch: sweptVoices,
  },
  {
    id: 'w3',
    purpose: 'noise through 256 one-pole low-passes in series',
    channels: 1,
    target: 0.07,
    patch: filterChain,
  },
  {
    id: 'w4',
    purpose: '64 branches of nodes: saw, 8 biquads in series, pan; summed',
    channels: 2,
    target: 0.2,
    patch: branchesOfNodes,
  },
  { id: 'w4b', purpose: 'the same as nodes of 64 lanes', channels: 2, target: 0.2, patch: branchesAsLanes },
];

/** The text of a patch file, one node or edge a line. */
export function patchText({ amp, nodes, edges }: PatchDocument): string {
  const nodeLines = Object.entries(nodes).map(([id, node]) => `    ${JSON.stringify(id)}: ${JSON.stringify(node)}`);
  const edgeLines = edges.map((edge) => `    ${JSON.stringify(edge)}`);
  return `{\n  "amp": ${amp},\n  "nodes": {\n${nodeLines.join(',\n')}\n  },\n  "edges": [\n${edgeLines.join(',\n')}\n  ]\n}\n`;
}

function each<Item>(count: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function sinesAsOneNode(): PatchDocument {
  return {
    amp: 1,
    nodes: { sines: { type: 'sine', freq: each(sineCount, sineFrequency) }, sum: mix, out: mono },
    edges: [
      { from: 'sines', to: 'sum' },
      { from: 'sum', to: 'out', gain: sineLevel },
    ],
  };
}

function sinesAsNodes(): PatchDocument {
  const sines = each(sineCount, (i) => [`sine_${i}`, { type: 'sine', freq: sineFrequency(i) }] as const);
  return {
    amp: 1,
    nodes: { ...Object.fromEntries(sines), sum: mix, out: mono },
    edges: [...sines.map(([id]) => ({ from: id, to: 'sum' })), { from: 'sum', to: 'out', gain: sineLevel }],
  };
}

function sweptVoices(): PatchDocument {
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

function filterChain(): PatchDocument {
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

function branchesOfNodes(): PatchDocument {
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

function branchesAsLanes(): PatchDocument {
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
