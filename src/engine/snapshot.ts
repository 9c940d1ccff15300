// What a live streamer measures of its plan: numbers that all belong to one complete block.

import type { NativeSnapshot } from './native.js';

/**
 * Times are in seconds. Means, percentiles and greatest values are those of the newest whole window of blocks: the first
 * windows are 16, 32, 64, ... blocks long, later ones two seconds. Until there is one they are 0.
 */
export interface Snapshot {
  /** Blocks that are complete: it counts up, and is 0 before the first. */
  readonly number: number;
  /** The first stream frame that is not in them. */
  readonly frame: number;
  /** When the block was complete, on the clock of `process.hrtime.bigint()`. */
  readonly time: bigint;
  readonly blockSeconds: number;
  /** That summing, limiting and handing over the block's frames took. */
  readonly outputSeconds: number;
  readonly windowBlocks: number;
  readonly windowSeconds: number;
  /** In the plan's order. */
  readonly nodes: readonly NodeStatus[];
  /** In the plan's order. */
  readonly edges: readonly EdgeStatus[];
  readonly workers: readonly WorkerStatus[];
}

/** How long a node computes. */
export interface NodeStatus {
  /** In the block. */
  readonly last: number;
  readonly mean: number;
  /** What 99 of 100 blocks did not exceed: never too small, too great by an eighth at most. */
  readonly p99: number;
  readonly max: number;
  /** The mean as a share of a block's time. */
  readonly share: number;
  /** Blocks since the start that were asked for before they were made, and took this node longest. */
  readonly late: number;
  /** Frames since the start that it has not made, since a reader that blocks made it stand. */
  readonly stood: number;
  /** Whether it stood as the block ended. */
  readonly stands: boolean;
}

export interface EdgeStatus {
  readonly fromNode: number;
  readonly fromOutput: number;
  readonly toNode: number;
  /** Whether it feeds a parameter rather than an input. */
  readonly isParameter: boolean;
  /** Of the input or parameter. */
  readonly toIndex: number;
  /** Frames. */
  readonly delay: number;
  /** Frames on the wheel that the reader has not read yet, those that the delay or a gate holds among them. */
  readonly depth: number;
  /** The most that there were, before the reader fired. */
  readonly peak: number;
  /** Frames that the wheel holds. */
  readonly capacity: number;
  /** Since the oldest frame that waits was produced, to the time that its block took; 0 if none waits. */
  readonly oldestAge: number;
  /** From the production of the oldest token that a firing reads to the firing. */
  readonly meanTraversal: number;
  readonly maxTraversal: number;
  /** Frames since the start that a gate held too long, and that nobody hears. */
  readonly drops: number;
  /** How often the wheel became longer. */
  readonly growths: number;
}

export interface WorkerStatus {
  /** That it ran nodes and the output in the block. */
  readonly lastBusy: number;
  /** CPU time since the end of the block before. */
  readonly lastCpu: number;
  /** Shares of the window's time. */
  readonly busy: number;
  readonly idle: number;
  readonly cpu: number;
}

/** Before the first block, and of a streamer that is closed. */
export const emptySnapshot: Snapshot = {
  number: 0,
  frame: 0,
  time: 0n,
  blockSeconds: 0,
  outputSeconds: 0,
  windowBlocks: 0,
  windowSeconds: 0,
  nodes: [],
  edges: [],
  workers: [],
};

export function snapshotOf({ nodes, edges, workers, ...rest }: NativeSnapshot): Snapshot {
  return {
    ...rest,
    nodes: rowsOf(nodes, 8).map(nodeOf),
    edges: rowsOf(edges, 14).map(edgeOf),
    workers: rowsOf(workers, 5).map(([lastBusy = 0, lastCpu = 0, busy = 0, idle = 0, cpu = 0]) => {
      return { lastBusy, lastCpu, busy, idle, cpu };
    }),
  };
}

function nodeOf(row: Float64Array): NodeStatus {
  const [last = 0, mean = 0, p99 = 0, max = 0, share = 0, ...history] = row;
  const [late = 0, stood = 0, stands = 0] = history;
  return { last, mean, p99, max, share, late, stood, stands: stands !== 0 };
}

function edgeOf(row: Float64Array): EdgeStatus {
  const [fromNode = 0, fromOutput = 0, toNode = 0, isParameter = 0, toIndex = 0, ...measured] = row;
  const [delay = 0, depth = 0, peak = 0, capacity = 0, oldestAge = 0, ...history] = measured;
  const [meanTraversal = 0, maxTraversal = 0, drops = 0, growths = 0] = history;
  return {
    fromNode,
    fromOutput,
    toNode,
    isParameter: isParameter !== 0,
    toIndex,
    delay,
    depth,
    peak,
    capacity,
    oldestAge,
    meanTraversal,
    maxTraversal,
    drops,
    growths,
  };
}

function rowsOf(numbers: Float64Array, columns: number): readonly Float64Array[] {
  return Array.from({ length: numbers.length / columns }, (_, row) =>
    numbers.subarray(row * columns, (row + 1) * columns),
  );
}
