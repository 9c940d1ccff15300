// Figures as tables in Markdown.

import type { LoopFigures } from './loops.js';
import type { Machine } from './machine.js';
import type { Figure } from './measure/statistics.js';
import type { Footprint, ProgramFigures, Scaling, WorkloadFigures } from './measurements.js';
import type { Program } from './programs.js';
import { block } from './programs.js';

export interface Report {
  /** The line that made it. */
  readonly command: string;
  readonly machine: Machine;
  readonly runs: number;
  /** Nothing if scsynth is not installed. */
  readonly scsynthVersion: string | undefined;
  readonly workloads: readonly WorkloadFigures[];
  /** Of Node doing nothing. */
  readonly node: Footprint;
  readonly scalings: readonly Scaling[];
  /** Without a loop first; nothing if they were not measured. */
  readonly loops: readonly LoopFigures[];
}

type Row = readonly string[];

const missing = '-';

/** The whole report. */
export function formatReport(report: Report): string {
  return [
    formatHeader(report),
    ...formatDoubt(report.machine),
    '### User CPU seconds for 20 s of sound',
    table(
      ['workload', 'engine', '`render`', 'scsynth', 'engine / scsynth', 'least to greatest', 'target'],
      report.workloads.map(timeRow),
    ),
    '### Start-up, CPU milliseconds, and peak memory, MiB',
    table(
      ['workload', 'engine', '`render`', 'scsynth', 'engine MiB', '`render` MiB', 'scsynth MiB'],
      [...report.workloads.map(startRow), nodeRow(report.node)],
    ),
    ...formatScalings(report.scalings),
    ...formatLoops(report.loops),
    '### Agreement with scsynth',
    table(['workload', 'what it is', 'engine', '`render`'], report.workloads.map(agreementRow)),
  ].join('\n\n');
}

function formatHeader({ command, machine, runs, scsynthVersion }: Report): string {
  const { processor, cores, engine, node, commit, date, load } = machine;
  const peer =
    scsynthVersion === undefined
      ? 'scsynth (Debian: supercollider-server) is not installed: nothing was compared'
      : `scsynth ${scsynthVersion}`;
  return (
    `Made by \`${command}\` on ${date}: ${processor}, ${cores} cores, ${engine}, Node ${node}, commit ${commit}, ` +
    `block ${block}, load ${load.toFixed(1)} at the start; medians, each program run ${runs} times; ${peer}.`
  );
}

/** Nothing if none of the chosen workloads is measured so. */
function formatScalings(scalings: readonly Scaling[]): readonly string[] {
  return scalings.length === 0
    ? []
    : [
        '### Two workers: wall seconds for 20 s of sound, engine',
        table(['workload', 'one worker', 'two', 'speed-up', 'least to greatest'], scalings.map(scalingRow)),
      ];
}

function formatLoops(loops: readonly LoopFigures[]): readonly string[] {
  return loops.length === 0
    ? []
    : [
        '### w4b with an echo of one channel behind its sum: user CPU seconds for 20 s of sound, engine',
        table(['loop', 'seconds', 'more, ns a frame', 'least to greatest'], loops.map(loopRow)),
      ];
}

function loopRow({ delay, slope, more }: LoopFigures): Row {
  const name = delay === 0 ? 'none' : `${delay} ${delay === 1 ? 'frame' : 'frames'}`;
  const spread = `${more.least.toFixed(0)} to ${more.greatest.toFixed(0)}`;
  return [name, slope.median.toFixed(3), more.median.toFixed(0), delay === 0 ? missing : spread];
}

function formatDoubt({ cores, load }: Machine): readonly string[] {
  return load < cores / 2
    ? []
    : ['Other programs wanted the processors: the ratios still tell something, wall times and speed-ups do not.'];
}

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function timeRow(figures: WorkloadFigures): Row {
  const ratio = programIn(figures, 'engine')?.ratio;
  return [
    figures.workload.id,
    ...perProgram(figures, ({ slope }) => slope.median.toFixed(3)),
    ratio?.median.toFixed(2) ?? missing,
    spread(ratio),
    figures.workload.target.toFixed(2),
  ];
}

function startRow(figures: WorkloadFigures): Row {
  return [
    figures.workload.id,
    ...perProgram(figures, ({ footprint }) => milliseconds(footprint.start)),
    ...perProgram(figures, ({ footprint }) => footprint.peak.median.toFixed(0)),
  ];
}

function nodeRow({ start, peak }: Footprint): Row {
  return ['`node -e 0`', missing, milliseconds(start), missing, missing, peak.median.toFixed(0), missing];
}

function milliseconds({ median }: Figure): string {
  return (median * 1000).toFixed(0);
}

function scalingRow({ workload, oneWorker, twoWorkers, speedUp }: Scaling): Row {
  const numbers = [oneWorker.median.toFixed(3), twoWorkers.median.toFixed(3), speedUp.median.toFixed(2)];
  return [workload.id, ...numbers, spread(speedUp)];
}

function agreementRow({ workload, agreements }: WorkloadFigures): Row {
  const finding = (name: Program['name']): string => {
    const agreement = agreements.get(name);
    return agreement === undefined ? missing : `${agreement.holds ? '' : '**differs**: '}${agreement.finding}`;
  };
  return [workload.id, workload.purpose, finding('engine'), finding('render')];
}

function programIn({ programs }: WorkloadFigures, name: Program['name']): ProgramFigures | undefined {
  return programs.find(({ program }) => program === name);
}

function perProgram(figures: WorkloadFigures, cell: (program: ProgramFigures) => string): readonly string[] {
  return (['engine', 'render', 'scsynth'] as const).map((name) => {
    const program = programIn(figures, name);
    return program === undefined ? missing : cell(program);
  });
}

function spread(figure: Figure | undefined): string {
  return figure === undefined ? missing : `${figure.least.toFixed(2)} to ${figure.greatest.toFixed(2)}`;
}
