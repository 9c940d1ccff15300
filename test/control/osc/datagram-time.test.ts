import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DatagramTime } from '../../../src/control/osc/datagram-time.js';

const millisecond = 1_000_000n;
const sampleRate = 48_000;

/** Frames at times, as a clock measures them that is off by so many frames each time. */
function framesAt(milliseconds: readonly number[], errors: readonly number[]): readonly number[] {
  const datagram = new DatagramTime();
  return milliseconds.map((time, index) => {
    const error = errors[index % errors.length] ?? 0;
    return datagram.frameAt(BigInt(time) * millisecond, sampleRate, () => 9000 + 48 * time + error);
  });
}

test('frames of a datagram are exactly as far apart as its times, however each is measured', () => {
  const times = fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 2, maxLength: 9 });
  const errors = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(times, errors, (milliseconds, off) => {
      const frames = framesAt(milliseconds, off);
      const [firstTime = 0] = milliseconds;
      const [firstFrame = 0] = frames;
      expect(frames).toEqual(milliseconds.map((time) => firstFrame + 48 * (time - firstTime)));
    }),
  );
});

test('a stream whose clock was set is measured anew, and counted from there', () => {
  expect(framesAt([0, 10, 20, 30], [0, 5000, 5001, 4999])).toEqual([9000, 14_480, 14_960, 15_440]);
});

test('times that are due are as far apart as the datagram says, however the wall clock is measured', () => {
  const datagram = new DatagramTime();
  let readings = 0n;
  const wallClock = { monotonicOf: (unix: bigint) => unix - 1000n + 77_777n * readings++ };
  const due = [5n, 15n, 12n].map((time) => datagram.monotonicOf(time * millisecond, wallClock));
  expect(due).toEqual([5n, 15n, 12n].map((time) => time * millisecond - 1000n));
});
