import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ArrivalClock } from '../../src/control/arrival.js';

const millisecond = 1_000_000n;

/** Messages that arrive at `times` and are received `delays` later, both in milliseconds; the arrivals as they are told. */
function arrivals(times: readonly number[], delays: readonly number[]): readonly number[] {
  const clock = new ArrivalClock();
  return times.map((time, index) => {
    const delta = index === 0 ? 0 : (time - (times[index - 1] ?? 0)) / 1000;
    const receipt = BigInt(Math.round((time + (delays[index] ?? 0)) * 1e6));
    return Number(clock.arrival(delta, receipt)) / 1e6;
  });
}

test('an arrival is never later than the receipt', () => {
  const delay = fc.double({ min: 0, max: 50, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(500), delay), { minLength: 1 }), (steps) => {
      let time = 0;
      const times = steps.map(([step]) => {
        time += step;
        return time;
      });
      const delays = steps.map(([, late]) => late);
      arrivals(times, delays).forEach((arrival, index) => {
        expect(arrival).toBeLessThanOrEqual((times[index] ?? 0) + (delays[index] ?? 0) + 1e-3);
      });
    }),
  );
});

test('a message that is received late keeps its distance to the one before', () => {
  const [, , third = 0] = arrivals([0, 100, 200], [0, 0, 30]);
  expect(third).toBeCloseTo(200, 0);
});

test('the message that was received soonest sets the measure', () => {
  const [, second = 0, third = 0] = arrivals([0, 100, 200], [20, 0, 20]);
  expect([second, third]).toEqual([100, expect.closeTo(200, 0)]);
});

test("a driver's clock that is slow does not carry the arrivals away", () => {
  const clock = new ArrivalClock();
  let arrival = 0n;
  for (let message = 0; message <= 10_000; message++) {
    arrival = clock.arrival(message === 0 ? 0 : 0.099_98, BigInt(message) * 100n * millisecond);
  }
  expect(1_000_000n - arrival / millisecond).toBeLessThan(2n);
});

test('after a pause the receipt counts', () => {
  const [, second] = arrivals([0, 5000], [0, 7]);
  expect(second).toBe(5007);
});

test('after a lost message the receipt counts', () => {
  const clock = new ArrivalClock();
  clock.arrival(0, 0n);
  expect(clock.arrival(0.01, 400n * millisecond)).toBe(400n * millisecond);
});
