// What patches/demo_kpn_completion.jsonc says about itself.

import { readFileSync } from 'node:fs';
import { parse } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import type { PatchSketch } from '../engine/running.js';
import { planBytes, running, takeFrames } from '../engine/running.js';
import { peak } from '../measure/level.js';
import { inRepository } from './patch-files.js';

const second = 48_000;
/** Frames that are taken at once. */
const step = 4800;

function demo(): PatchSketch {
  const {
    $schema: _,
    amp: __,
    ...rest
  } = parse(readFileSync(inRepository('patches/demo_kpn_completion.jsonc'), 'utf8'));
  return rest as PatchSketch;
}

interface Take {
  readonly left: Float32Array;
  readonly right: Float32Array;
}

function channelsOf(takes: readonly Float32Array[]): Take {
  const channel = (index: number) =>
    Float32Array.from(takes.flatMap((samples) => [...samples].filter((_, place) => place % 2 === index)));
  return { left: channel(0), right: channel(1) };
}

/** Four seconds of the demo. */
async function undisturbed(): Promise<Take> {
  const streamer = running(planBytes(demo()));
  return channelsOf([await takeFrames(streamer, 4 * second)]);
}

/** The demo, whose filter is drained after a second, until a second after the promise is kept. */
async function drained(): Promise<Take & { readonly overAt: number }> {
  const streamer = running(planBytes(demo()));
  const finding = streamer.findNode('filter');
  if (!finding.ok) {
    throw new Error(finding.error.message);
  }
  let isOver = false;
  const draining = streamer.drainNode(finding.node, second, 60_000).finally(() => {
    isOver = true;
  });
  const takes: Float32Array[] = [];
  while (!isOver) {
    takes.push(await takeFrames(streamer, step));
  }
  expect(await draining).toEqual({ ok: true });
  const overAt = takes.length * step;
  takes.push(await takeFrames(streamer, second));
  return { ...channelsOf(takes), overAt };
}

describe('The demo of completion', () => {
  test('is silent on the left once the promise is kept, and that is not before the filter has rung out', async () => {
    const { left, overAt } = await drained();
    expect(peak(left.subarray(0, second))).toBeGreaterThan(0.05);
    // The tail that the filter declares is two seconds.
    expect(overAt).toBeGreaterThanOrEqual(3 * second);
    expect(peak(left.subarray(overAt))).toBeLessThan(1e-4);
  });

  test('plays on to the bit on the right', async () => {
    const [changed, without] = [await drained(), await undisturbed()];
    expect(peak(without.right)).toBeGreaterThan(0.05);
    const frames = Math.min(changed.right.length, without.right.length);
    expect(frames).toBeGreaterThan(3 * second);
    expect(changed.right.subarray(0, frames)).toEqual(without.right.subarray(0, frames));
  });

  test('waits for nothing that nobody asked for: undrained, the left side sounds to the end', async () => {
    const { left } = await undisturbed();
    expect(peak(left.subarray(3 * second))).toBeGreaterThan(0.05);
  });
});
