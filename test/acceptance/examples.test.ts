// Each node type has an example, and each example is heard when the command that it opens with is run.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import nodeTypes from '../../src/patch/node-types.json' with { type: 'json' };
import { decibels, mean, peak, rms } from '../measure/level.js';
import { renderAsItSays, renderCommandOf } from './commands.js';
import { allPatches, examplePatches, inRepository, openingComment } from './patch-files.js';

test('Each node type has an example, and nothing else has', () => {
  const names = examplePatches.map((patch) => basename(patch, '.jsonc'));
  expect(names).toEqual(nodeTypes.types.map(({ name }) => name).sort());
});

describe.each(allPatches)('%s', (patch) => {
  test('opens with one command that renders this very patch', () => {
    expect(renderCommandOf(patch)).toContain(patch);
  });

  test('says what there is to hear or to see', () => {
    expect(openingComment(patch)).toMatch(/\bYou should (hear|see)\b/);
  });
});

describe.each(examplePatches)('%s', (patch) => {
  const type = basename(patch, '.jsonc');

  test('uses the type that it is named after', () => {
    expect(readFileSync(inRepository(patch), 'utf8')).toContain(`"type": "${type}"`);
  });

  test('is heard, on every channel, from its beginning to its end, and not too loud', () => {
    const { channels, sampleRate, frames } = renderAsItSays(patch);
    for (const channel of channels) {
      expect(decibels(rms(channel))).toBeGreaterThan(-32);
      expect(decibels(rms(channel.subarray(0, 2 * sampleRate)))).toBeGreaterThan(-40);
      expect(decibels(rms(channel.subarray(frames - 3 * sampleRate)))).toBeGreaterThan(-60);
      expect(decibels(peak(channel))).toBeLessThan(-3);
      expect(Math.abs(mean(channel))).toBeLessThan(0.001);
    }
  });
});
