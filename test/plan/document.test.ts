import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatTables } from '../../src/plan/binary/document.js';
import { planVersion } from '../../src/plan/plan.js';

const page = new URL('../../docs/plan_format.md', import.meta.url);
const tables = /(<!-- tables -->\n)[\s\S]*(<!-- end of tables -->\n)/;

test('docs/plan_format.md has the tables of the code', async () => {
  const text = readFileSync(page, 'utf8');
  expect(text).toMatch(tables);
  const expected = text.replace(tables, (_, begin: string, end: string) => `${begin}\n${formatTables()}\n${end}`);
  await expect(expected).toMatchFileSnapshot(page.pathname);
});

test('docs/plan_format.md is about the version of the code', () => {
  expect(readFileSync(page, 'utf8')).toMatch(`# The plan format, version ${planVersion}\n`);
});
