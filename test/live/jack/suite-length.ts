const { AMP_LONG_TESTS: long } = process.env;

/**
 * The long suite (`npm run test:long`) has a machine to itself and judges by the clock as well: each note, each block. The short one
 * runs where other programs take the processor away whenever they like, and judges only what they cannot spoil.
 */
export const isLongSuite = long !== undefined;

/** How long a performance of these tests is: the long suite plays a full minute. */
export const performanceSeconds = isLongSuite ? 60 : 12;
