const { AMP_LONG_TESTS: isLong } = process.env;

/** How long a performance of these tests is: the long suite plays a full minute. */
export const performanceSeconds = isLong === undefined ? 12 : 60;
