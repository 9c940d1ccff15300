import { describe, expect, test } from 'vitest';
import { nodeTypes } from '../../src/patch/node-types.js';
import { planBytes } from '../bench/inputs.js';
import { laneCounts, patchOfType } from '../bench/parts/types.js';
import { patchText } from '../bench/patch-documents.js';

describe.each(nodeTypes.map((type) => [type.name, type] as const))('a patch that measures %s', (_, type) => {
  test.each(laneCounts)('with %i lanes is right, with one node and with many', (lanes) => {
    for (const nodes of [1, 3]) {
      expect(() => planBytes(patchText(patchOfType(type, lanes, nodes, 3), 'a test'), 'test.jsonc')).not.toThrow();
    }
  });
});
