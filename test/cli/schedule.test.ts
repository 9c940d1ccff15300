// A schedule from the command line: a file, the planner, or none.

import { describe, expect, test } from 'vitest';
import { echoPatch, sinePatch } from '../session/rendering.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { amp, shell } from './command-line.js';

/** Four sines and four filters into a sum; a stage for each. */
const bank = JSON.stringify({
  amp: 1,
  nodes: {
    ...Object.fromEntries([0, 1, 2, 3].map((index) => [`s${index}`, { type: 'sine', freq: 200 + 100 * index }])),
    ...Object.fromEntries([0, 1, 2, 3].map((index) => [`f${index}`, { type: 'one_pole', cutoff: 900 }])),
    sum: { type: 'mix' },
    out: { type: 'output', channels: 1 },
  },
  edges: [
    ...[0, 1, 2, 3].map((index) => ({ from: `s${index}`, to: `f${index}` })),
    ...[0, 1, 2, 3].map((index) => ({ from: `f${index}`, to: 'sum', gain: 0.2 })),
    { from: 'sum', to: 'out' },
  ],
});

const sineStages = `{ "stages": [
  { "cohorts": [ { "type": "sine", "nodes": ["sine"] } ] },
  { "cohorts": [ { "type": "gain", "nodes": ["level"] } ] },
  { "cohorts": [ { "type": "output", "nodes": ["out"] } ] } ] }`;

function folderWith(files: Readonly<Record<string, string>>) {
  const folder = makeTemporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    folder.write(name, content);
  }
  return folder;
}

async function planned(path: string, ...options: readonly string[]) {
  const { output } = await amp(['plan', 'p.jsonc', '--json', ...options], path);
  return JSON.parse(output);
}

describe('amp-live plan --ipls', () => {
  test('prints a schedule that gives the plan of "--schedule ipls" back, byte for byte', async () => {
    const { path } = folderWith({ 'p.jsonc': echoPatch });
    const line = [
      '$AMP plan p.jsonc --ipls > s.json',
      '$AMP plan p.jsonc --ipls=s.json -o one.plan',
      '$AMP plan p.jsonc --ipls s.json -o other.plan',
      '$AMP plan p.jsonc --schedule ipls -o planned.plan',
      'cmp one.plan planned.plan',
      'cmp other.plan planned.plan',
    ].join(' && ');
    expect(await shell(`${line.replaceAll('-o', '> /dev/null -o')}`, path)).toMatchObject({ exitCode: 0, errors: '' });
  });

  test('prints the stages of the patch, if it has some', async () => {
    const patch = sinePatch.replace('"amp": 1,', `"amp": 1, "schedule": ${sineStages},`);
    const { output } = await amp(['plan', '--ipls', 'p.jsonc'], folderWith({ 'p.jsonc': patch }).path);
    const { stages } = JSON.parse(output);
    expect(stages.map(({ cohorts }: { cohorts: object[] }) => cohorts)).toEqual([
      [{ type: 'sine', nodes: ['sine'] }],
      [{ type: 'gain', nodes: ['level'] }],
      [{ type: 'output', nodes: ['out'] }],
    ]);
  });

  test('prints stages that lag, if somebody asks for them', async () => {
    const options = ['--schedule', 'ipls', '--partial-latency', '1'];
    const { output } = await amp(['plan', 'p.jsonc', '--ipls', ...options], folderWith({ 'p.jsonc': bank }).path);
    const lags = JSON.parse(output).stages.map((stage: { partial_latency: number }) => stage.partial_latency);
    expect(lags).toEqual([0, 1, 1, 1]);
  });
});

describe('amp-live plan', () => {
  test('tells what runs as one and how that is read', async () => {
    const { path } = folderWith({ 'p.jsonc': bank });
    const { schedule, scheduleTotals } = await planned(path, '--schedule', 'ipls');
    expect(schedule[1].cohorts).toEqual([
      {
        type: 'one_pole',
        nodes: ['f0', 'f1', 'f2', 'f3'],
        fused: [
          {
            kind: 'lanes',
            nodes: ['f0', 'f1', 'f2', 'f3'],
            inputs: { in: 'side by side' },
            parameters: { cutoff: 'constant' },
          },
        ],
      },
    ]);
    expect(scheduleTotals).toEqual({
      stages: 4,
      cohorts: 4,
      nodes: 10,
      nodesInCohorts: 8,
      fusedNodes: 8,
      gathers: 0,
      addedBlocks: 0,
    });
  });

  test('counts what does not lie side by side', async () => {
    const crossed = bank.replace('{"from":"s0","to":"f0"}', '{"from":"s1","to":"f0"}');
    const { path } = folderWith({ 'p.jsonc': crossed });
    const { schedule, scheduleTotals } = await planned(path, '--schedule', 'ipls');
    const filters = schedule.flatMap(({ cohorts }: { cohorts: { type: string; fused: object[] }[] }) =>
      cohorts.flatMap(({ type, fused }) => (type === 'one_pole' ? fused : [])),
    );
    expect(filters).toMatchObject([{ inputs: { in: 'gathered' } }]);
    expect(scheduleTotals.gathers).toBe(1);
    expect((await amp(['plan', 'p.jsonc', '--schedule', 'ipls'], path)).output).toContain(', 1 gather, ');
  });

  test('tells by how many blocks the output is later', async () => {
    const { path } = folderWith({ 'p.jsonc': bank });
    const { scheduleTotals } = await planned(path, '--schedule', 'ipls', '--partial-latency', '1');
    expect(scheduleTotals.addedBlocks).toBe(1);
  });

  test('shows each cohort on a line, and the sums at the end', async () => {
    const { path } = folderWith({ 'p.jsonc': bank });
    const lines = (await amp(['plan', 'p.jsonc', '--schedule', 'ipls'], path)).output.split('\n');
    expect(lines.map((line) => line.trim().split(/ {2,}/))).toContainEqual([
      '2',
      '0',
      'one_pole(f0 f1 f2 f3)',
      '4',
      '4 side by side',
    ]);
    expect(lines).toContain(
      '4 stages, 4 cohorts, 8 of 10 nodes in cohorts of two and more, 8 run as one with others, 0 gathers, added latency 0 blocks',
    );
  });

  test('says that there is no schedule', async () => {
    const { path } = folderWith({ 'p.jsonc': bank.replace('"amp":1', '"amp":1,"schedule":"ipls"') });
    expect(await planned(path, '--schedule', 'kpn')).toMatchObject({ schedule: null, scheduleTotals: null });
  });
});

describe('amp-live render', () => {
  test('gives the same samples in each order', async () => {
    const { path } = folderWith({ 'p.jsonc': echoPatch.replace('"amp": 1', '"amp": 1, "schedule": "ipls"') });
    await shell('$AMP plan p.jsonc --ipls > s.json', path);
    const sums: string[] = [];
    for (const options of [[], ['--schedule', 'kpn'], ['--schedule', 'ipls'], ['--ipls', 's.json']]) {
      const args = ['render', 'p.jsonc', '-o', 'o.wav', '--seconds', '0.2', '--json', ...options];
      sums.push(JSON.parse((await amp(args, path)).output).sha256);
    }
    expect(new Set(sums).size).toBe(1);
  });

  test('refuses to write over the schedule', async () => {
    const { path } = folderWith({ 'p.jsonc': sinePatch, 's.json': sineStages });
    const { exitCode, errors } = await amp(['render', 'p.jsonc', '--ipls', 's.json', '-o', 's.json'], path);
    expect({ exitCode, errors }).toMatchObject({ exitCode: 3, errors: expect.stringContaining('it is read as well') });
  });
});

describe.each([
  ['check', []],
  ['plan', []],
  ['render', ['-o', 'o.wav']],
  ['play', ['--device', 'clock', '--headless', '--osc-port', 'off', '--seconds', '0.1']],
])('amp-live %s --ipls', (command, options) => {
  const run = (files: Readonly<Record<string, string>>) =>
    amp([command, 'p.jsonc', '--ipls', 's.json', ...options], folderWith({ 'p.jsonc': sinePatch, ...files }).path);

  test('takes a schedule in place of that of the patch', async () => {
    const brought = sinePatch.replace('"amp": 1,', '"amp": 1, "schedule": { "stages": [] },');
    expect(await run({ 'p.jsonc': brought, 's.json': sineStages })).toMatchObject({ exitCode: 0 });
  });

  test('tells what is wrong in the file, at its place there', async () => {
    const { exitCode, errors } = await run({ 's.json': sineStages.replace('["level"]', '["levle"]') });
    expect(exitCode).toBe(1);
    expect(errors.trimEnd().split('\n')).toEqual([
      's.json:1:13: "stages": level stands in no stage; every node has to stand in one',
      's.json:3:46: "nodes" of cohort 1 of stage 2: there is no node "levle"; did you mean "level"?',
    ]);
  });

  test('tells which edge reads too early', async () => {
    const [first = '', second = '', third = '', fourth = ''] = sineStages.split('\n');
    const swapped = [first, third, second, fourth].join('\n');
    const { exitCode, errors } = await run({ 's.json': swapped });
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^s\.json:2:18: the schedule lets "level\.in" .* read "sine\.out" .* too early/);
  });

  test('says that there is no such file', async () => {
    expect(await run({})).toMatchObject({
      exitCode: 3,
      errors: 'amp-live: cannot read s.json: there is no such file or folder\n',
    });
  });
});

describe('Options of the schedule that make no sense together', () => {
  test.each<[readonly string[], string]>([
    [['render', 'p.jsonc', '-o', 'o.wav', '--schedule', 'iplz'], '--schedule: found "iplz"; did you mean "ipls"?'],
    [['check', 'p.jsonc', '--schedule', '1'], '--schedule: found "1"; kpn or ipls fits'],
    [
      ['play', 'p.jsonc', '--schedule', 'kpn', '--ipls', 's.json'],
      '--schedule kpn and --ipls s.json both say the schedule; one of them fits',
    ],
    [
      ['plan', 'p.jsonc', '--partial-latency', '2'],
      '--partial-latency is for the schedule of the planner: --schedule ipls --partial-latency N',
    ],
    [
      ['plan', 'p.jsonc', '--schedule', 'ipls', '--partial-latency', '65'],
      '--partial-latency: found "65"; a whole number from 0 to 7 fits',
    ],
    [
      ['check', 'p.jsonc', 'q.jsonc', '--ipls', 's.json'],
      '--ipls s.json is the schedule of one patch, and 2 are named; check that one by itself',
    ],
    [
      ['plan', 'p.jsonc', '--ipls', '--schedule', 'kpn'],
      '--ipls prints a schedule, and --schedule kpn says that there is none; one of them fits',
    ],
    [
      ['plan', 'p.jsonc', '--ipls', '--json'],
      '--ipls prints the schedule alone, --json the whole plan; one of them fits',
    ],
    [
      ['render', '--journal', 'j', '-o', 'o.wav', '--ipls', 's.json'],
      '--ipls does not go with --journal, which holds its plans with their schedules',
    ],
  ])('are refused: %j', async (args, message) => {
    const { exitCode, output, errors } = await amp(args, folderWith({ 'p.jsonc': sinePatch }).path);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toContain(`amp-live ${args[0]}: ${message}`);
  });
});
