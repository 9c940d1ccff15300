import { expect, test } from 'vitest';
import { nodeVersionProblem } from '../../src/setup/node-version.mjs';

test.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('Node %s is new enough for >=20.19', (version) => {
  expect(nodeVersionProblem(version, '>=20.19')).toBeUndefined();
});

test.each(['12.22.12', '18.20.4', '20.9.0', '20.18.3'])('Node %s is too old for >=20.19', (version) => {
  expect(nodeVersionProblem(version, '>=20.19')).toContain(
    `amp-live needs Node 20.19 or newer, but this is Node ${version} `,
  );
});
