import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeNodeTypes, describePlanBytes, engineVersion } from '../../src/engine/describe.js';
import { encodePlan } from '../../src/plan/binary/encode.js';
import { loudnessBy, planBytes, planOf } from './running.js';

test('the engine reads the very plan that the host wrote', () => {
  const plan = planOf(loudnessBy('velocity'));
  const description = describePlanBytes(encodePlan(plan));
  expect(description.ok && JSON.parse(description.json)).toEqual(plan);
});

test('the engine refuses to describe what is not a plan', () => {
  const cut = planBytes(loudnessBy('gate')).subarray(0, 100);
  expect(describePlanBytes(cut)).toMatchObject({ ok: false, error: { code: 'plan' } });
});

test('the engine has the node types that the host knows', () => {
  const description = describeNodeTypes();
  const known = readFileSync(new URL('../../src/patch/node-types.json', import.meta.url), 'utf8');
  expect(description.ok && description.json).toBe(known);
});

test('the engine has the version of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(engineVersion()).toMatchObject({ ok: true, engine: { version } });
});

test('the engine tells what it was built for', () => {
  expect(engineVersion()).toMatchObject({
    ok: true,
    engine: { instructionSet: expect.stringMatching(/^(x86-64|aarch64)/) },
  });
});
