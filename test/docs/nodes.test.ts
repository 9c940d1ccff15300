import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { nodeTypes } from '../../src/patch/node-types.js';
import { typesDocument } from '../../src/patch/types-document.js';

const page = readFileSync(new URL('../../docs/nodes.md', import.meta.url), 'utf8');

describe('docs/nodes.md', () => {
  test('is what the declarations say: npm run generate writes it', () => {
    expect(page).toBe(typesDocument());
  });

  const sections = new Map(page.split(/^## /m).map((section) => [section.split('\n', 1)[0] ?? '', section]));

  test.each(nodeTypes.map((type) => [type.name, type] as const))('tells all of %s', (name, type) => {
    const { purpose, source, inputs, outputs, parameters, options, thermal } = type;
    const named = [...inputs, ...outputs, ...parameters, ...options].map((each) => `\`${each.name}\``);
    const purposes = [...inputs, ...outputs, ...parameters, ...options].map((each) => each.purpose);
    for (const words of [
      purpose,
      source,
      ...named,
      ...purposes,
      `${thermal.tau} s`,
      `patches/examples/${name}.jsonc`,
    ]) {
      expect(sections.get(name)?.replaceAll('\\|', '|')).toContain(words);
    }
  });
});
