// What stands behind the screen: who gets lines, where lists are, how long peaks stand.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ActivityLamp } from '../../tui/activity-lamp.js';
import { allotRows } from '../../tui/allot-rows.js';
import { actionOf } from '../../tui/key-actions.js';
import { PeakHold } from '../../tui/peak-hold.js';
import { ScreenModelMaker } from '../../tui/screen-model.js';
import type { Movement } from '../../tui/view.js';
import { firstView, moveList, pages, toggleHelp, turnPage } from '../../tui/view.js';
import { sampleStatus } from './sample-status.mjs';

describe('lines of the screen', () => {
  const wishes = fc
    .array(fc.record({ least: fc.nat({ max: 5 }), more: fc.nat({ max: 20 }) }))
    .map((all) => all.map(({ least, more }, index) => ({ name: `panel ${index}`, least, most: least + more })));

  test('are never given out twice, and nobody gets less than is of use', () => {
    fc.assert(
      fc.property(wishes, fc.nat({ max: 60 }), (all, rows) => {
        const allotted = allotRows(all, rows);
        expect(Object.values(allotted).reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(rows);
        for (const { name, least, most } of all) {
          const given = allotted[name] ?? 0;
          expect(given === 0 || (given >= least && given <= most)).toBe(true);
        }
      }),
    );
  });

  test('go to the first wish first', () => {
    const wish = (name: string) => ({ name, least: 1, most: 3 });
    expect(allotRows([wish('a'), wish('b'), wish('c')], 4)).toEqual({ a: 2, b: 1, c: 1 });
  });
});

describe('a list', () => {
  const movements: readonly Movement[] = ['line_up', 'line_down', 'page_up', 'page_down', 'top', 'bottom'];

  test('shows as much as it can, however it is moved', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...movements)), fc.nat(200), fc.nat(50), (moves, length, shown) => {
        const { scroll } = moves.reduce((view, move) => moveList(view, move, length, shown), firstView);
        expect(scroll).toBeGreaterThanOrEqual(0);
        expect(scroll).toBeLessThanOrEqual(Math.max(0, length - shown));
      }),
    );
  });

  test('shows its end after moving to the bottom', () => {
    expect(moveList(firstView, 'bottom', 30, 10).scroll).toBe(20);
  });
});

describe('pages', () => {
  test('come round again, forwards and backwards', () => {
    const round = pages.reduce<typeof firstView>((view) => turnPage(view, 1), firstView);
    expect(round).toEqual(firstView);
    expect(turnPage(turnPage(firstView, -1), 1)).toEqual(firstView);
  });

  test('help goes back to playing', () => {
    expect(toggleHelp(toggleHelp(firstView))).toEqual(firstView);
  });
});

test('keys that the screen does not need go to the performance', () => {
  for (const key of ['a', 'z', '-', 'space', 'enter', 'up', 'down', 'f1', 'backspace']) {
    expect(actionOf(key)).toEqual({ type: 'play', key });
  }
});

describe('a peak', () => {
  test('stands for more than a second, and falls then', () => {
    const hold = new PeakHold();
    hold.update([0.8], 10);
    expect(hold.update([0.1], 11.2)).toEqual([0.8]);
    const [falling = 0] = hold.update([0.1], 11.7);
    expect(falling).toBeLessThan(0.8);
    expect(hold.update([0.1], 60)).toEqual([0.1]);
  });

  test('is never below what sounds now', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double({ min: 0, max: 2, noNaN: true }), fc.nat({ max: 5 }))), (steps) => {
        const hold = new PeakHold();
        let now = 0;
        for (const [amplitude, pause] of steps) {
          now += pause;
          expect(hold.update([amplitude], now)[0]).toBeGreaterThanOrEqual(amplitude);
        }
      }),
    );
  });

  test('outlives neither a channel nor a number that is none', () => {
    const hold = new PeakHold();
    hold.update([0.5, Number.NaN], 0);
    expect(hold.update([0.5, 0.1, 0.2], 0.1)).toEqual([0.5, 0.1, 0.2]);
  });
});

test('a lamp is lit for a moment after a count has grown, not by the count it finds', () => {
  const lamp = new ActivityLamp();
  expect([lamp.update(7, 0), lamp.update(8, 1), lamp.update(8, 1.1), lamp.update(8, 2)]).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test('the worst load between two readings is shown', () => {
  const models = new ScreenModelMaker();
  const at = (worst: number, now: number) => models.update({ ...sampleStatus(), load: { mean: 0.1, worst } }, now);
  at(0.2, 0);
  at(0.9, 0.05);
  expect(at(0.3, 0.3).steady.load.worst).toBe(0.9);
});
