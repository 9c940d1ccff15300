import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { patchJsonSchema } from '../../src/patch/json-schema.js';
import { nodeTypes } from '../../src/patch/node-types.js';

describe('the schema for editors', () => {
  test('in docs is what the node declarations give (npm run generate writes it)', () => {
    expect(readFileSync(new URL('../../docs/patch.schema.json', import.meta.url), 'utf8')).toBe(patchJsonSchema());
  });

  test.each(nodeTypes)('completes every key of $name', (type) => {
    const { properties } = JSON.parse(patchJsonSchema());
    const nodes: { properties: { type: { const: string } } }[] = properties.nodes.additionalProperties.oneOf;
    const keys = Object.keys(nodes.find((node) => node.properties.type.const === type.name)?.properties ?? {});
    expect(keys).toEqual(expect.arrayContaining([...type.parameters, ...type.options].map((setting) => setting.name)));
  });
});
