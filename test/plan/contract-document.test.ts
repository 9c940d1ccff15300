import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { contractTables } from '../../src/plan/contract-document.js';

const page = new URL('../../docs/kpn_tap_contract.md', import.meta.url);
const tables = /(<!-- tables -->\n)[\s\S]*(<!-- end of tables -->\n)/;

test('docs/kpn_tap_contract.md has the tables of the code', async () => {
  const text = readFileSync(page, 'utf8');
  expect(text).toMatch(tables);
  const expected = text.replace(tables, (_, begin: string, end: string) => `${begin}\n${contractTables()}\n${end}`);
  await expect(expected).toMatchFileSnapshot(page.pathname);
});
