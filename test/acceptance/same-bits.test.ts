// Same notes, same bits: of every patch in patches/, for every block size, number of workers and instruction set.

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openStreamer } from '../../src/engine/streamer.js';
import { loadPlan } from '../../src/session/patch-file.js';
import { runAmpLive, withTemporaryFile } from './commands.js';
import type { Performance } from './fingerprint.js';
import { fingerprint } from './fingerprint.js';
import type { InstructionSet } from './instruction-sets.js';
import { instructionSets, missingFeatures, playNatively } from './instruction-sets.js';
import { allPatches, inRepository } from './patch-files.js';
import { eventsOf, heldNotes, performanceOf } from './performances.js';
import { sampleRate } from './rendering.js';

const blocks = [1, 16, 64, 100, 256, 1024];
const workers = [1, 2, 4];

/** Milliseconds. Blocks of one frame are many, and the machine may have other things to do. */
const patience = 240_000;

describe.each(allPatches)('%s', (patch) => {
  test('gives the same bits for every block size and number of workers', { timeout: patience }, async () => {
    const performance = await performanceOf(patch);
    const settings = blocks.flatMap((block) => workers.map((each) => ({ block, workers: each })));
    const expected = await fingerprint(performance, { block: 64, workers: 1 });
    const different: object[] = [];
    for (const setting of settings) {
      if ((await fingerprint(performance, setting)) !== expected) {
        different.push(setting);
      }
    }
    expect(different).toEqual([]);
  });
});

describe('The notes that they are played with', () => {
  const patch = 'patches/glass_pad.jsonc';

  test('are more than there are voices before the first of these sleeps', async () => {
    const { lanes, ring } = await voicesOf(patch);
    const { events } = await performanceOf(patch);
    expect(heldNotes(events).filter(({ frame }) => frame < ring).length).toBeGreaterThan(lanes);
  });

  test('pause until all voices sleep, and then wake some', async () => {
    const { lanes, ring } = await voicesOf(patch);
    const { events, frames } = await performanceOf(patch);
    const notes = heldNotes(events);
    const wakes = notes.filter(({ frame }) => {
      const before = notes.filter((note) => note.frame < frame);
      return before.length > lanes && before.every((note) => note.frame + note.frames + ring < frame);
    });
    expect(wakes.length).toBeGreaterThan(0);
    expect(Math.max(...wakes.map(({ frame }) => frame))).toBeLessThan(frames - 9600);
  });
});

async function voicesOf(patch: string): Promise<{ readonly lanes: number; readonly ring: number }> {
  const loading = await loadPlan(inRepository(patch), { sampleRate });
  const voices = loading.ok ? loading.plan.voiceGroups[0] : undefined;
  if (voices === undefined || voices.ring === 'endless') {
    throw new Error(`the voices of ${patch} never sleep`);
  }
  return { lanes: voices.lanes, ring: voices.ring };
}

describe('The glass pad on the command line', () => {
  const shaOf = (...options: readonly string[]) =>
    withTemporaryFile('rendered.wav', (path) => {
      const piece = ['patches/glass_pad.jsonc', '--midi', 'patches/glass_pad.mid', '--seconds', '8'];
      const { output } = runAmpLive('render', ...piece, '-o', path, '--json', ...options);
      return (JSON.parse(output) as { readonly sha256: string }).sha256;
    });

  test('has the same SHA-256 for small blocks on one worker as for large ones on four', () => {
    const small = shaOf('--block', '16', '--workers', '1');
    const large = shaOf('--block', '1024', '--workers', '4');
    expect(small).toMatch(/^[0-9a-f]{64}$/);
    expect(large).toBe(small);
  });
});

describe.each(instructionSets)('The engine built for $name', (set) => {
  test('gives the bits of the one that plays here, for every patch', { timeout: patience }, async (context) => {
    const missing = missingFeatures(set);
    if (missing.length > 0) {
      context.skip(`this CPU lacks ${missing.join(', ')}`);
    }
    const different: string[] = [];
    for (const patch of allPatches) {
      const performance = await performanceOf(patch);
      const notes = heldNotes(performance.events);
      const here = await fingerprint({ ...performance, events: eventsOf(notes) }, { block: 64, workers: 1 });
      if (fingerprintNatively(set, performance) !== here) {
        different.push(patch);
      }
    }
    expect(different).toEqual([]);
  });
});

function fingerprintNatively(set: InstructionSet, { plan, events, frames }: Performance): string {
  const { latency, frameBytes } = outputOf(plan);
  return withTemporaryFile('patch.plan', (planPath) => {
    writeFileSync(planPath, plan);
    const samples = playNatively(set, { planPath, frames: frames + latency, notes: heldNotes(events) });
    return createHash('sha256')
      .update(samples.subarray(latency * frameBytes))
      .digest('hex');
  });
}

/** By how many frames the output is later than the stream, and the bytes of a frame. */
function outputOf(plan: Uint8Array): { readonly latency: number; readonly frameBytes: number } {
  const opening = openStreamer(plan, { block: 64, workers: 1 });
  if (!opening.ok) {
    throw new Error(opening.error.message);
  }
  const { latency, channels } = opening.streamer;
  opening.streamer.close();
  return { latency, frameBytes: 4 * channels };
}
