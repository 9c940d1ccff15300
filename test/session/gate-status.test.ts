import { describe, expect, test } from 'vitest';
import type { GateStatus } from '../../src/engine/live-streamer.js';
import { gateReports } from '../../src/session/gate-status.js';
import { planOf } from '../plan/compiling.js';
import { literal } from '../plan/patch-builder.js';

/** Two gates at 120 quarters a minute in 6/8: one on a grid of bars, one without. */
const plan = planOf({
  meter: { numerator: 6, denominator: 8 },
  nodes: { tone: { type: 'sine' }, out: { type: 'output' } },
  edges: [
    { from: 'tone', to: 'out' },
    { from: 'tone', to: 'out', delay: 10 },
  ],
  gates: [
    { id: 'drop', members: [0], quantize: literal(1, 'bars'), whileClosed: 'hold' },
    { id: 'cut', members: [1] },
  ],
});

function reports(statuses: readonly GateStatus[], clock = 48_000, latency = 0) {
  return gateReports(plan, statuses, { clock, latency });
}

describe('a gate', () => {
  test('is told by its name and state, with the seconds that it holds', () => {
    expect(
      reports([
        { state: 'closed', held: 12_000 },
        { state: 'opening', held: 0 },
      ]),
    ).toEqual([
      { id: 'drop', state: 'closed', whileClosed: 'hold', heldSeconds: 0.25 },
      { id: 'cut', state: 'opening', whileClosed: 'mute', heldSeconds: 0 },
    ]);
  });

  test('counts down to its change, in beats of the meter if its grid is one of bars', () => {
    const change = { frame: 72_000, opens: false };
    const [drop, cut] = reports([
      { state: 'open', held: 0, change },
      { state: 'open', held: 0, change },
    ]);
    // Half a second is one quarter, which is two eighths.
    expect([drop?.change, cut?.change]).toEqual([
      { opens: false, seconds: 0.5, beats: 2 },
      { opens: false, seconds: 0.5 },
    ]);
  });

  test('counts to when its change is heard: the output is later than the stream', () => {
    const [drop] = reports([{ state: 'open', held: 0, change: { frame: 48_000, opens: false } }], 48_000, 480);
    expect(drop?.change?.seconds).toBeCloseTo(0.01, 9);
  });
});
