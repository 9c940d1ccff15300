// What is measured: pieces of sound that every peer makes in its own way, and our patches of them.

import type { PatchDocument } from './patch-documents.js';
import {
  branchesAsLanes,
  branchesOfNodes,
  filterChain,
  scheduled,
  sinesAsNodes,
  sinesAsOneNode,
  spectraAsLanes,
  sweptVoices,
} from './patch-documents.js';

/** What sounds without rest. */
export const pieceIds = ['w1', 'w1n', 'w2', 'w2a', 'w3', 'w4', 'w5'] as const;
export type PieceId = (typeof pieceIds)[number];

/** Short notes one after another, and as many of the same voices held all the time. */
export const notePieceIds = ['w6', 'w6-held'] as const;
export type NotePieceId = (typeof notePieceIds)[number];

export const workloadIds = [
  'w1',
  'w1n',
  'w1n-ipls',
  'w2',
  'w2a',
  'w3',
  'w3-ipls',
  'w4',
  'w4-ipls',
  'w4b',
  'w5',
] as const;
export type WorkloadId = (typeof workloadIds)[number];

export interface Target {
  /** User CPU seconds for 20 s of sound at the AVX-512 level. */
  readonly seconds: number;
  /** Of what the fastest peer takes. */
  readonly share: number;
}

/** A patch of ours that makes a piece. */
export interface Workload {
  readonly id: WorkloadId;
  readonly piece: PieceId;
  readonly purpose: string;
  /** What we want to reach, if it is this patch that is to reach it. */
  readonly target?: Target;
  /** Nothing if the patch of the workload `patchOf` is played. */
  readonly patch?: () => PatchDocument;
  readonly patchOf?: WorkloadId;
}

export const workloads: readonly Workload[] = [
  {
    id: 'w1',
    piece: 'w1',
    purpose: '512 sines, one node with an array of frequencies, summed',
    target: { seconds: 0.11, share: 1 / 5 },
    patch: sinesAsOneNode,
  },
  {
    id: 'w1n',
    piece: 'w1n',
    purpose: 'the same as 512 nodes',
    target: { seconds: 0.45, share: 0.45 / 0.71 },
    patch: sinesAsNodes,
  },
  {
    id: 'w1n-ipls',
    piece: 'w1n',
    purpose: 'the same 512 nodes under the schedule of the planner',
    patch: () => scheduled(sinesAsNodes()),
  },
  {
    id: 'w2',
    piece: 'w2',
    purpose: '128 voices: saw, resonant low-pass swept by an LFO, pan; summed',
    target: { seconds: 0.12, share: 1 / 7 },
    patch: sweptVoices,
  },
  {
    id: 'w2a',
    piece: 'w2a',
    purpose: 'the same patch; the peers sweep every frame too',
    target: { seconds: 0.12, share: 1 / 7 },
    patchOf: 'w2',
  },
  { id: 'w3', piece: 'w3', purpose: 'noise through 256 one-pole low-passes in series', patch: filterChain },
  {
    id: 'w3-ipls',
    piece: 'w3',
    purpose: 'the same under the schedule of the planner',
    target: { seconds: 0.07, share: 1 / 3 },
    patch: () => scheduled(filterChain()),
  },
  {
    id: 'w4',
    piece: 'w4',
    purpose: '64 branches of nodes: saw, 8 biquads in series, pan; summed',
    patch: branchesOfNodes,
  },
  {
    id: 'w4-ipls',
    piece: 'w4',
    purpose: 'the same under the schedule of the planner',
    target: { seconds: 0.2, share: 1 / 4 },
    patch: () => scheduled(branchesOfNodes()),
  },
  {
    id: 'w4b',
    piece: 'w4',
    purpose: 'the same as nodes of 64 lanes',
    target: { seconds: 0.2, share: 1 / 4 },
    patch: branchesAsLanes,
  },
  {
    id: 'w5',
    piece: 'w5',
    purpose: '16 saws to spectra of 1024 frames, a hop of 256, and back; summed',
    target: { seconds: 0.12, share: 0.12 / 0.45 },
    patch: spectraAsLanes,
  },
];

/** The workload of that name. */
export function workloadCalled(id: WorkloadId): Workload {
  const workload = workloads.find((each) => each.id === id);
  if (workload === undefined) {
    throw new Error(`there is no workload ${id}`);
  }
  return workload;
}

/** Channels of a piece. */
export function channelsOf(piece: PieceId | NotePieceId): number {
  return piece === 'w2' || piece === 'w2a' || piece === 'w4' ? 2 : 1;
}
