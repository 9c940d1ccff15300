import { expect, test } from 'vitest';
import { isWorkload, parts, readOptions } from '../bench/options.js';
import { workloadIds } from '../bench/workloads.js';

test('without options everything is measured three times and printed only', () => {
  expect(readOptions([])).toMatchObject({ write: false, runs: 3, engine: undefined, chosen: new Set(parts) });
});

test('--only chooses workloads and other parts', () => {
  expect(readOptions(['--only', 'w4-ipls,nodes'])).toMatchObject({ chosen: new Set(['w4-ipls', 'nodes']) });
});

test('the workloads among the parts are told from the others', () => {
  expect(parts.filter(isWorkload)).toEqual(workloadIds);
});

test('"nodes" measures the node types and nothing else', () => {
  expect(readOptions(['nodes', '--runs', '1'])).toMatchObject({ types: true, runs: 1 });
  expect(readOptions(['--only', 'nodes'])).toMatchObject({ types: false });
});

test.each([
  [['types'], 'only "nodes" fits'],
  [['nodes', '--write'], '--write'],
  [['nodes', '--only', 'w1'], '--only'],
  [['--only', 'w4,w9'], 'there is no w9'],
  [['--runs', '0'], 'from 1 to 999'],
  [['--runs', 'many'], 'from 1 to 999'],
  [['--write', '--only', 'w1'], '--write'],
  [['--write', '--engine', 'x'], '--write'],
  [['--fast'], '--fast'],
])('%j is refused with the reason', (commandLine, reason) => {
  expect(readOptions(commandLine)).toContain(reason);
});
