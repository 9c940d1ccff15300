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

test.each([
  [['--only', 'w4,w9'], 'there is no w9'],
  [['--runs', '0'], 'from 1 to 999'],
  [['--runs', 'many'], 'from 1 to 999'],
  [['--write', '--only', 'w1'], '--write'],
  [['--write', '--engine', 'x'], '--write'],
  [['--fast'], '--fast'],
])('%j is refused with the reason', (commandLine, reason) => {
  expect(readOptions(commandLine)).toContain(reason);
});
