// Counts the xruns of a performance, and tells the last ones in words.

import type { Xrun } from '../engine/live-streamer.js';
import type { XrunReport, XrunSummary } from './status.js';

const mostRecent = 20;

const countNames = {
  node_late: 'nodeLate',
  thread_not_run: 'threadNotRun',
  device_not_run: 'deviceNotRun',
  anchor: 'anchors',
  growth: 'growths',
} as const satisfies Record<Xrun['cause'], keyof XrunSummary>;

export class XrunLog {
  readonly #counts = { nodeLate: 0, threadNotRun: 0, deviceNotRun: 0, anchors: 0, growths: 0 };
  readonly #sampleRate: number;
  #recent: readonly XrunReport[] = [];

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** `nodeIds` are those of the plan that plays, in its order. */
  add(xruns: readonly Xrun[], nodeIds: readonly string[]): void {
    for (const { cause } of xruns) {
      this.#counts[countNames[cause]] += 1;
    }
    const reports = xruns.slice(-mostRecent).map((xrun) => this.#report(xrun, nodeIds));
    this.#recent = [...this.#recent, ...reports].slice(-mostRecent);
  }

  summary(): XrunSummary {
    const total = Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
    return { total, ...this.#counts, recent: this.#recent };
  }

  #report(xrun: Xrun, nodeIds: readonly string[]): XrunReport {
    const node = xrun.node === undefined ? undefined : nodeIds[xrun.node];
    return {
      seconds: xrun.frame / this.#sampleRate,
      frames: xrun.frames,
      cause: xrun.cause,
      ...(node === undefined ? {} : { node }),
      text: describe(xrun, node),
    };
  }
}

function describe({ cause, cpuSeconds, wallSeconds, budgetSeconds }: Xrun, node: string | undefined): string {
  const slowest = node === undefined ? '' : `; ${node} took longest`;
  switch (cause) {
    case 'node_late':
      return `a block took ${milliseconds(cpuSeconds)} to compute, and there were ${milliseconds(budgetSeconds)}${slowest}`;
    case 'thread_not_run':
      return `the system ran a worker too late: a block of ${milliseconds(cpuSeconds)} took ${milliseconds(wallSeconds)}, and there were ${milliseconds(budgetSeconds)}`;
    case 'device_not_run':
      return 'the device did not come for frames that were ready';
    case 'anchor':
      return 'too far behind: the clock was set back to what was made';
    case 'growth':
      return `a wheel behind a gate that holds became longer too late: a block took ${milliseconds(cpuSeconds)} to compute, and was made after ${milliseconds(wallSeconds)}`;
  }
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(seconds < 0.01 ? 2 : 0)} ms`;
}
