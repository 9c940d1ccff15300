// The workloads: times beside the peers', what it takes to begin, and how far the sounds agree.

import type { Figure } from '../measure/statistics.js';
import type { PeerOutcome, PieceFigures, ProgramFigures, WorkloadFigures } from '../parts/workloads.js';
import type { Footprint } from '../slope.js';
import type { Row } from './table.js';
import { median, met, milliseconds, missing, section, spread } from './table.js';

/** MiB that the engine may take beside Node. */
const memoryTarget = 20;

export function formatTimes(pieces: readonly PieceFigures[]): readonly string[] {
  return section(
    'User CPU seconds for 20 s of sound',
    [
      'workload',
      'engine',
      '`render`',
      'fastest peer',
      'engine / fastest peer',
      'least to greatest',
      'target',
      'met',
      'seconds wanted at x86-64-v4',
    ],
    pieces.flatMap((piece) => piece.workloads.map((figures) => timeRow(piece, figures))),
  );
}

function timeRow({ fastest, peers }: PieceFigures, { workload, engine, render, ratio }: WorkloadFigures): Row {
  const peer = peers.find(({ name }) => name === fastest);
  const { target } = workload;
  return [
    workload.id,
    median(engine.slope, 3),
    median(render.slope, 3),
    peer === undefined ? missing : `${peer.name} ${median(peer.figures?.slope, 3)}`,
    median(ratio, 2),
    spread(ratio, 2),
    target?.share.toFixed(2) ?? missing,
    target === undefined || ratio === undefined ? missing : met(ratio.median <= target.share),
    target?.seconds.toFixed(2) ?? missing,
  ];
}

export function formatPeerTimes(pieces: readonly PieceFigures[]): readonly string[] {
  const rows = pieces.map(({ piece, peers }) => [piece, ...peers.map(({ figures }) => median(figures?.slope, 3))]);
  const names = peerNames(pieces);
  return names.length === 0
    ? []
    : [
        ...section('The same of the peers', ['workload', ...names], rows),
        ...formatReasons(pieces.flatMap(({ piece, peers }) => peers.map((peer) => ({ piece, peer })))),
      ];
}

function formatReasons(all: readonly { readonly piece: string; readonly peer: PeerOutcome }[]): readonly string[] {
  const reasons = all.flatMap(({ piece, peer: { name, reason } }) => {
    return reason === undefined ? [] : `${name} on ${piece}: ${reason}`;
  });
  return reasons.length === 0 ? [] : [`Left out: ${reasons.join('; ')}.`];
}

function peerNames(pieces: readonly PieceFigures[]): readonly string[] {
  return pieces[0]?.peers.map(({ name }) => name) ?? [];
}

/** From the start of a program to the end of its first block. */
export function formatStarts(pieces: readonly PieceFigures[], node: Footprint): readonly string[] {
  const cell = ({ footprint }: ProgramFigures): string => milliseconds(footprint.start);
  const names = peerNames(pieces);
  const rows = footprintRows(pieces, cell);
  return section(
    'Milliseconds to the end of the first block',
    ['workload', 'engine', '`render`', ...names],
    [
      ...rows,
      ...(rows.length === 0 ? [] : [['`node -e 0`', missing, milliseconds(node.start), ...names.map(() => missing)]]),
    ],
  );
}

/** In the shorter of the two renders. */
export function formatMemory(pieces: readonly PieceFigures[], node: Footprint): readonly string[] {
  const names = peerNames(pieces);
  const peak = ({ footprint }: ProgramFigures): Figure => footprint.peak;
  const beside = (figures: ProgramFigures): number => peak(figures).median - node.peak.median;
  const rows = pieces.flatMap(({ workloads, peers }) =>
    workloads.map(({ workload, engine, render }) => [
      workload.id,
      median(peak(engine), 0),
      median(peak(render), 0),
      beside(render).toFixed(0),
      met(beside(render) <= memoryTarget),
      ...peers.map(({ figures }) => median(figures && peak(figures), 0)),
    ]),
  );
  const heading = `Peak memory, MiB; \`node -e 0\` takes ${median(node.peak, 0)}`;
  const ours = ['engine', '`render`', '`render` beside Node', `at most ${memoryTarget}`];
  return section(heading, ['workload', ...ours, ...names], rows);
}

function footprintRows(pieces: readonly PieceFigures[], cell: (figures: ProgramFigures) => string): readonly Row[] {
  return pieces.flatMap(({ workloads, peers }) =>
    workloads.map(({ workload, engine, render }) => [
      workload.id,
      cell(engine),
      cell(render),
      ...peers.map(({ figures }) => (figures === undefined ? missing : cell(figures))),
    ]),
  );
}

export function formatAgreement(pieces: readonly PieceFigures[]): readonly string[] {
  const rows = pieces.flatMap(({ piece, comparisons, workloads }) => {
    const reference = `engine, ${workloads[0]?.workload.id ?? piece}`;
    return comparisons.map(({ name, agreement: { holds, finding } }) => [reference, name, met(holds), finding]);
  });
  return section('Agreement of the sounds', ['of', 'with', 'holds', 'finding'], rows);
}

export function formatPurposes(pieces: readonly PieceFigures[]): readonly string[] {
  const rows = pieces.flatMap(({ workloads }) => workloads.map(({ workload: { id, purpose } }) => [id, purpose]));
  return section('The workloads', ['workload', 'what it is'], rows);
}
