// Limits that the command line knows too, which loads no schema for them.

/** Blocks by which a stage of a schedule may lag: the engine runs at most one more at once where a device paces it. */
export const mostPartialLatency = 7;
