// The whole report, in Markdown.

import type { Machine } from '../machine.js';
import type { LoopFigures } from '../parts/loops.js';
import type { NodeFigures } from '../parts/nodes.js';
import type { NoteFigures } from '../parts/notes.js';
import type { SmallPatchFigures } from '../parts/small-patch.js';
import type { TelemetryFigures } from '../parts/telemetry.js';
import type { WorkersOutcome } from '../parts/workers.js';
import type { PieceFigures } from '../parts/workloads.js';
import { usualBlock } from '../programs.js';
import type { Footprint } from '../slope.js';
import { formatLoops, formatTelemetry } from './costs.js';
import { formatNodes } from './nodes.js';
import { formatNotes } from './notes.js';
import { formatSmallPatches, formatWorkers } from './workers.js';
import {
  formatAgreement,
  formatMemory,
  formatPeerTimes,
  formatPurposes,
  formatStarts,
  formatTimes,
} from './workloads.js';

/** A peer, and its version if it is installed. */
export interface KnownPeer {
  readonly name: string;
  readonly debianPackage: string;
  readonly version: string | undefined;
}

/** What was not chosen is empty. */
export interface Report {
  /** The line that made it. */
  readonly command: string;
  readonly machine: Machine;
  readonly runs: number;
  readonly peers: readonly KnownPeer[];
  readonly pieces: readonly PieceFigures[];
  /** Of Node doing nothing. */
  readonly node: Footprint;
  readonly notes: readonly NoteFigures[];
  readonly nodes: readonly NodeFigures[];
  readonly workers: WorkersOutcome;
  readonly smallPatches: readonly SmallPatchFigures[];
  /** Without a loop first. */
  readonly loops: readonly LoopFigures[];
  readonly telemetry: readonly TelemetryFigures[];
}

export function formatReport(report: Report): string {
  const { machine, pieces, node } = report;
  return [
    formatHeader(report),
    ...formatDoubt(machine),
    ...formatTimes(pieces),
    ...formatPeerTimes(pieces),
    ...formatNotes(report.notes),
    ...formatNodes(report.nodes),
    ...formatWorkers(report.workers),
    ...formatSmallPatches(report.smallPatches),
    ...formatLoops(report.loops),
    ...formatTelemetry(report.telemetry),
    ...formatStarts(pieces, node),
    ...formatMemory(pieces, node),
    ...formatPurposes(pieces),
    ...formatAgreement(pieces),
  ].join('\n\n');
}

function formatHeader({ command, machine, runs, peers }: Report): string {
  const { processor, cores, engine, node, commit, date, load } = machine;
  const installed = peers.flatMap(({ name, version }) => (version === undefined ? [] : `${name} ${version}`));
  const absent = peers.flatMap(({ name, debianPackage, version }) => {
    return version === undefined ? `${name} (Debian: ${debianPackage})` : [];
  });
  return [
    `Made by \`${command}\` on ${date}: ${processor}, ${cores} cores, ${engine}, Node ${node}, commit ${commit}, `,
    `blocks of ${usualBlock}, load ${load.toFixed(1)} at the start; `,
    runs === 1 ? 'each program run once. ' : `medians, each program run ${runs} times. `,
    installed.length === 0 ? 'No peer is installed: nothing was compared.' : `Peers: ${installed.join(', ')}.`,
    absent.length === 0 ? '' : ` Not installed: ${absent.join(', ')}.`,
  ].join('');
}

function formatDoubt({ cores, load }: Machine): readonly string[] {
  return load < cores / 2
    ? []
    : ['Other programs wanted the processors: the ratios still tell something, wall times and speed-ups do not.'];
}
