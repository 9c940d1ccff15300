import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEarlier, isImmediate, timeTagOf, unixNanosecondsOf } from '../../../src/control/osc/time-tag.js';
import { WallClock } from '../../../src/control/osc/wall-clock.js';

describe('a time tag', () => {
  test('of a known second is that second', () => {
    // 2026-11-23T16:00:00Z, and a half.
    const unix = BigInt(Date.UTC(2026, 10, 23, 16)) * 1_000_000n + 500_000_000n;
    expect(unixNanosecondsOf(((unix / 1_000_000_000n + 2_208_988_800n) << 32n) | 0x8000_0000n)).toBe(unix);
  });

  test('keeps every nanosecond, from 1970 to the year 2100', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 4_102_444_800_000_000_000n }), (nanoseconds) => {
        expect(unixNanosecondsOf(timeTagOf(nanoseconds))).toBe(nanoseconds);
      }),
    );
  });

  test('is in order with others across the year 2036, in which its seconds begin anew', () => {
    const [before, after] = [Date.UTC(2036, 1, 7, 6, 28, 15), Date.UTC(2036, 1, 7, 6, 28, 17)];
    const tags = [before, after].map((milliseconds) => timeTagOf(BigInt(milliseconds) * 1_000_000n));
    expect(isEarlier(tags[0] ?? 0n, tags[1] ?? 0n)).toBe(true);
  });

  test.each([
    [0n, true],
    [1n, true],
    [2n, false],
  ])('of %s is immediate: %s', (tag, expected) => {
    expect(isImmediate(tag)).toBe(expected);
  });
});

describe('the wall clock', () => {
  /** Clocks of a machine that reads each in 300 ns, and whose wall clock may be set. */
  function machine(offset: bigint) {
    const state = { monotonic: 5_000_000_000n, offset };
    const read = () => {
      state.monotonic += 300n;
      return state.monotonic;
    };
    const clocks = {
      monotonicNanoseconds: read,
      wallMilliseconds: () => Number((read() + state.offset) / 1_000_000n),
    };
    return { state, clock: new WallClock(clocks) };
  }
  const error = (found: bigint, offset: bigint, unix: bigint) => Math.abs(Number(found - (unix - offset)));
  const tenthOfMillisecond = 100_000;

  test('finds its place on the monotonic clock to a tenth of a millisecond, though it is read in milliseconds', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10n ** 18n, max: 2n * 10n ** 18n }), (offset) => {
        const unix = offset + 6_000_000_000n;
        expect(error(machine(offset).clock.monotonicOf(unix), offset, unix)).toBeLessThan(tenthOfMillisecond);
      }),
      { numRuns: 20 },
    );
  });

  test.each([3_600_000_000_000n, -3_600_000_000_000n, 5_000_000n, -5_000_000n])(
    'is found anew when somebody has set it by %s ns',
    (change) => {
      const offset = 1_800_000_000_123_456_789n;
      const { state, clock } = machine(offset);
      clock.monotonicOf(offset);
      state.monotonic += 1_000_000_000n;
      state.offset += change;
      const unix = offset + 10n ** 10n;
      expect(error(clock.monotonicOf(unix), offset + change, unix)).toBeLessThan(tenthOfMillisecond);
    },
  );

  test('is known as well after an hour in which nobody asked', () => {
    const offset = 1_800_000_000_123_456_789n;
    const { state, clock } = machine(offset);
    clock.monotonicOf(offset);
    state.monotonic += 3_600_000_000_000n;
    expect(error(clock.monotonicOf(offset), offset, offset)).toBeLessThan(tenthOfMillisecond);
  });

  test('of this machine agrees with what it says itself', () => {
    const now = BigInt(Date.now()) * 1_000_000n;
    const before = process.hrtime.bigint();
    const found = new WallClock().monotonicOf(now);
    // Whole milliseconds are cut, and the process may have been stopped between the readings.
    expect(Number(found - before)).toBeLessThan(1_000_000);
    expect(Number(before - found)).toBeLessThan(1_000_000_000);
  });
});
