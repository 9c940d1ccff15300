import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { replaceReport } from '../bench/page.js';

const marked = 'before\n<!-- figures -->\n\nold\n\n<!-- end of figures -->\nafter\n';

test('a new report takes the place of the old one', () => {
  const page = replaceReport(marked, 'new');
  expect(page).toBe('before\n<!-- figures -->\n\nnew\n\n<!-- end of figures -->\nafter\n');
});

test.each(['no marks', '<!-- end of figures -->\n<!-- figures -->\n', marked + marked])(
  'a page without one pair of marks is refused',
  (page) => {
    expect(() => replaceReport(page, 'new')).toThrow('once each');
  },
);

test('docs/performance.md has a place for the report', () => {
  const page = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');
  expect(replaceReport(page, 'new')).toContain('<!-- figures -->\n\nnew\n\n<!-- end of figures -->\n');
});
