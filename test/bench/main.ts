// The benchmark: all workloads, or some, beside the peers that are installed.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine } from './machine.js';
import type { Options, Part } from './options.js';
import { replaceReport } from './page.js';
import { measureLoops } from './parts/loops.js';
import { measureNodes } from './parts/nodes.js';
import type { NoteFigures } from './parts/notes.js';
import { measureNotes } from './parts/notes.js';
import { measureSmallPatch } from './parts/small-patch.js';
import { measureTelemetry } from './parts/telemetry.js';
import { measureTypes } from './parts/types.js';
import { measureWorkers } from './parts/workers.js';
import type { PieceFigures } from './parts/workloads.js';
import { measurePiece } from './parts/workloads.js';
import { installedPeers, peers } from './peers/peers.js';
import { formatReport } from './report/report.js';
import { formatTypes } from './report/types.js';
import type { Setting } from './setting.js';
import { measureNode } from './slope.js';
import { pieceIds, workloads } from './workloads.js';

/** What the caller has built and where it keeps it. */
export interface Checkout {
  readonly root: string;
  /** test/bench/measure/measure-command.c, compiled. */
  readonly launcher: string;
  /** The program amp_render_plan. */
  readonly renderPlan: string;
  /** The program amp_go_back. */
  readonly goBack: string;
  /** The program amp_telemetry_cost. */
  readonly telemetryCost: string;
}

/** Runs the benchmark; gives the exit code: 0, or 1 if a sound differs from a peer's. */
export function main(options: Options, checkout: Checkout): number {
  const soundFolder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'amp-live-bench-'));
  try {
    return bench(options, checkout, soundFolder);
  } finally {
    rmSync(soundFolder, { recursive: true });
  }
}

function bench(options: Options, checkout: Checkout, soundFolder: string): number {
  const { commandLine, chosen, runs, write } = options;
  const { root } = checkout;
  const machine = describeMachine(options.engine);
  const folder = join(root, 'build', 'bench', 'workloads');
  mkdirSync(folder, { recursive: true });
  const setting: Setting = {
    ...checkout,
    command: join(root, 'dist', 'src', 'cli', 'main.js'),
    folder,
    soundFolder,
    runs,
    peers: installedPeers(join(root, 'build', 'bench', 'peers')),
    announce: (line) => process.stderr.write(`bench: ${line}\n`),
  };
  if (options.types) {
    process.stdout.write(
      `${[`${machine.processor}, ${machine.engine}, commit ${machine.commit}`, ...formatTypes(measureTypes(setting))].join('\n\n')}\n`,
    );
    return 0;
  }
  const wanted = <Figures>(part: Part, work: () => readonly Figures[]): readonly Figures[] => {
    return chosen.has(part) ? work() : [];
  };
  const pieces = pieceIds.flatMap((piece) => {
    const ours = workloads.filter((workload) => workload.piece === piece && chosen.has(workload.id));
    return ours.length === 0 ? [] : measurePiece(setting, piece, ours);
  });
  const notes = wanted('w6', () => measureNotes(setting));
  const report = formatReport({
    command: ['npm run bench', ...(commandLine.length > 0 ? ['--', ...commandLine] : [])].join(' '),
    machine,
    runs,
    peers: peers.map(({ name, debianPackage }) => ({
      name,
      debianPackage,
      version: setting.peers.find(({ peer }) => peer.name === name)?.version,
    })),
    pieces,
    node: measureNode(setting),
    notes,
    nodes: wanted('nodes', () => measureNodes(setting)),
    workers: chosen.has('workers') ? measureWorkers(setting, machine.cores) : { figures: [], leftOut: [] },
    smallPatches: wanted('small', () => measureSmallPatch(setting)),
    loops: wanted('loop', () => measureLoops(setting)),
    telemetry: wanted('telemetry', () => measureTelemetry(setting)),
  });
  process.stdout.write(`${report}\n`);
  if (write) {
    const page = join(root, 'docs', 'performance.md');
    writeFileSync(page, replaceReport(readFileSync(page, 'utf8'), report));
  }
  return allAgree(pieces, notes) ? 0 : 1;
}

function allAgree(pieces: readonly PieceFigures[], notes: readonly NoteFigures[]): boolean {
  const agreements = [
    ...pieces.flatMap(({ comparisons }) => comparisons.map(({ agreement }) => agreement)),
    ...notes.flatMap(({ agreement }) => agreement ?? []),
  ];
  return agreements.every(({ holds }) => holds);
}
