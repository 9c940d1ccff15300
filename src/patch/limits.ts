// Limits that the command line knows too, which loads no schema for them.

/** Blocks by which a stage of a schedule may lag. */
export const mostPartialLatency = 64;
