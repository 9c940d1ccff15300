import { expect, test } from 'vitest';
import type { Figure } from '../bench/measure/statistics.js';
import { workerCounts } from '../bench/parts/workers.js';
import type { PieceFigures, ProgramFigures } from '../bench/parts/workloads.js';
import type { Report } from '../bench/report/report.js';
import { formatReport } from '../bench/report/report.js';
import { workloadCalled } from '../bench/workloads.js';

function figure(median: number): Figure {
  return { median, least: median, greatest: median };
}

function program(slope: number, peak = 50): ProgramFigures {
  return { slope: figure(slope), footprint: { start: figure(0.1), peak: figure(peak) } };
}

/** w1 with the engine at so many seconds, and a peer at one. */
function piece(seconds: number): PieceFigures {
  return {
    piece: 'w1',
    workloads: [
      { workload: workloadCalled('w1'), engine: program(seconds, 8), render: program(seconds), ratio: figure(seconds) },
    ],
    peers: [
      { name: 'scsynth', figures: program(1), reason: undefined },
      { name: 'pd', figures: undefined, reason: 'rms -2.000 dB (at most 0.05)' },
    ],
    fastest: 'scsynth',
    comparisons: [
      { name: 'scsynth', agreement: { holds: true, finding: 'rms 0.000 dB' } },
      { name: 'pd', agreement: { holds: false, finding: 'rms -2.000 dB' } },
    ],
  };
}

const empty: Report = {
  command: 'npm run bench',
  machine: {
    processor: 'Processor',
    cores: 2,
    engine: 'engine for x86-64-v3',
    node: '20',
    commit: 'abc',
    date: '2026-01-01',
    load: 0.1,
  },
  runs: 3,
  peers: [
    { name: 'scsynth', debianPackage: 'supercollider-server', version: '3.13.0' },
    { name: 'csound', debianPackage: 'csound', version: undefined },
  ],
  pieces: [],
  node: { start: figure(0.05), peak: figure(40) },
  notes: [],
  nodes: [],
  workers: { figures: [], leftOut: [] },
  smallPatches: [],
  loops: [],
  telemetry: [],
};

/** The cells of the first row of a report that begin with a name. */
function rowOf(report: string, name: string): readonly string[] {
  const row = report.split('\n').find((line) => line.startsWith(`| ${name} |`)) ?? '';
  return row.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, ''));
}

test('the header names the peers with their versions, and those that are not installed', () => {
  expect(formatReport(empty)).toContain('Peers: scsynth 3.13.0. Not installed: csound (Debian: csound).');
});

test('without any peer the report says that nothing was compared', () => {
  expect(formatReport({ ...empty, peers: [] })).toContain('No peer is installed: nothing was compared.');
});

test('what was not measured has no heading', () => {
  expect(formatReport(empty)).not.toContain('###');
});

test.each([
  [0.19, 'yes'],
  [0.21, '**no**'],
])('w1 at %f of the fastest peer, whose target is a fifth: %s', (seconds, verdict) => {
  const row = rowOf(formatReport({ ...empty, pieces: [piece(seconds)] }), 'w1');
  expect(row).toEqual([
    'w1',
    seconds.toFixed(3),
    seconds.toFixed(3),
    'scsynth 1.000',
    seconds.toFixed(2),
    `${seconds.toFixed(2)} to ${seconds.toFixed(2)}`,
    '0.20',
    verdict,
    '0.11',
  ]);
});

test('a peer without times is told with the reason', () => {
  const report = formatReport({ ...empty, pieces: [piece(0.1)] });
  expect(report).toContain('Left out: pd on w1: rms -2.000 dB (at most 0.05).');
  expect(report).toContain('| engine, w1 | pd | **no** | rms -2.000 dB |');
});

test('with several workers the gain is told, and a program that broke off with its reason', () => {
  const one = { name: 'engine, w4', block: 64, workers: 1, wall: figure(2), speedUp: figure(1), burnt: figure(1) };
  const two = { ...one, workers: 2, wall: figure(1.25), speedUp: figure(1.6), burnt: figure(1.1) };
  const workers = { figures: [one, two], leftOut: ['supernova, w4: broke off'] };
  const report = formatReport({ ...empty, workers });
  expect(report).toContain('| engine, w4 | 64 | 1 | 2.000 | - | - | - |');
  expect(report).toContain('| engine, w4 | 64 | 2 | 1.250 | 1.60 | 1.60 to 1.60 | 1.10 |');
  expect(report).toContain('at least 1.8: **no**');
  expect(report).toContain('at least 1.8: **no**');
  expect(report).toContain('Left out: supernova, w4: broke off.');
});

test.each([
  [0.9, 0.9, 'yes'],
  [1.2, 0.9, '**no**'],
  [0.9, 1.2, '**no**'],
])('two workers with little to do that burn %f of one and take %f of its time: %s', (burnt, wall, verdict) => {
  const small = { patch: 'pad', manner: 'rendered' as const, oneWorker: figure(1), twoWorkers: figure(burnt) };
  const smallPatches = [{ ...small, burnt: figure(burnt), wall: figure(wall) }];
  expect(rowOf(formatReport({ ...empty, smallPatches }), 'pad').at(-1)).toBe(verdict);
});

test('memory is told beside Node, with its target', () => {
  const report = formatReport({ ...empty, pieces: [piece(0.1)] });
  expect(report).toContain('Peak memory, MiB; `node -e 0` takes 40');
  expect(report).toContain('| w1 | 8 | 50 | 10 | yes | 50 | - |');
});

test.each([
  [1, 0.5, 'yes'],
  [3, 0.5, '**no**'],
  [1, 1.5, '**no**'],
])('10,000 nodes at %f times the time of a hundred, planned in %f s', (times, seconds, verdict) => {
  const sizes = [
    {
      nodes: 100,
      schedule: 'kpn' as const,
      firing: figure(50),
      reader: figure(1),
      planner: figure(1),
      start: figure(1),
    },
    {
      nodes: 10_000,
      schedule: 'kpn' as const,
      firing: figure(50 * times),
      reader: figure(100),
      planner: figure(seconds * 1000 - 200),
      start: figure(100),
    },
  ];
  const sentence = formatReport({ ...empty, nodes: sizes })
    .split('\n')
    .find((line) => line.startsWith('A node among'));
  expect(sentence?.includes('**no**')).toBe(verdict !== 'yes');
});

test('a load of half the cores brings the doubt with it', () => {
  expect(formatReport({ ...empty, machine: { ...empty.machine, load: 1 } })).toContain('Other programs wanted');
});

test.each([
  [1, [1]],
  [2, [1, 2]],
  [6, [1, 2, 3, 4, 6]],
  [16, [1, 2, 3, 4, 8, 16]],
])('on %i cores these numbers of workers are measured: %j', (cores, counts) => {
  expect(workerCounts(cores)).toEqual(counts);
});
