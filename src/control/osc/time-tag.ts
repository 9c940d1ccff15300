// The time tags of OSC: NTP time, 32 bits of seconds since 1900 and 32 bits of their fractions.

/** The time tag "immediately". */
export const immediately = 1n;

/** Senders without a clock write 0, which NTP reserves for a time that is not known; both mean "immediately". */
export function isImmediate(timeTag: bigint): boolean {
  return timeTag <= immediately;
}

const nanosecondsInSecond = 1_000_000_000n;

/** From 1900 to 1970. */
const unixEpochSeconds = 2_208_988_800n;

/** The seconds begin anew in 2036: those without their highest bit come after (RFC 4330, section 3). */
function inEra(timeTag: bigint): bigint {
  return isImmediate(timeTag) || timeTag >> 63n === 1n ? timeTag : timeTag + (1n << 64n);
}

/** Whether `a` comes before `b`; "immediately" comes before every time. */
export function isEarlier(a: bigint, b: bigint): boolean {
  return inEra(a) < inEra(b) && !(isImmediate(a) && isImmediate(b));
}

/** Nanoseconds since 1970, for a tag that is not immediate. */
export function unixNanosecondsOf(timeTag: bigint): bigint {
  const tag = inEra(timeTag);
  const fraction = ((tag & 0xffff_ffffn) * nanosecondsInSecond) >> 32n;
  return ((tag >> 32n) - unixEpochSeconds) * nanosecondsInSecond + fraction;
}

/** The tag of a time from 1970 on, in nanoseconds since then; rounded up, so that `unixNanosecondsOf` gives the time back. */
export function timeTagOf(unixNanoseconds: bigint): bigint {
  const seconds = unixNanoseconds / nanosecondsInSecond + unixEpochSeconds;
  const fraction = (((unixNanoseconds % nanosecondsInSecond) << 32n) + nanosecondsInSecond - 1n) / nanosecondsInSecond;
  return BigInt.asUintN(64, (seconds << 32n) + fraction);
}
