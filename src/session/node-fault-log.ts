// Keeps what nodes of a performance did wrong, and tells it in words.

import type { NodeFault } from '../engine/live-streamer.js';
import type { NodeFaultReport, NodeFaultSummary } from './status.js';

const mostRecent = 20;

/** The nodes of a plan by its number, in its order. */
export type NodesOfPlan = (plan: number) => readonly { readonly id: string; readonly type: string }[];

export class NodeFaultLog {
  readonly #sampleRate: number;
  readonly #told = new Set<string>();
  #total = 0;
  #recent: readonly NodeFaultReport[] = [];

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** Gives the texts of the faults that no node of that name had before: what a performer should hear of at once. */
  add(faults: readonly NodeFault[], nodesOf: NodesOfPlan): readonly string[] {
    const reports = faults.map((fault) => this.#report(fault, nodesOf));
    this.#total += reports.length;
    this.#recent = [...this.#recent, ...reports].slice(-mostRecent);
    return reports.filter((report) => this.#isFirst(report)).map(({ text }) => text);
  }

  summary(): NodeFaultSummary {
    return { total: this.#total, recent: this.#recent };
  }

  #isFirst({ kind, node }: NodeFaultReport): boolean {
    const key = `${kind} ${node}`;
    const isFirst = !this.#told.has(key);
    this.#told.add(key);
    return isFirst;
  }

  #report(fault: NodeFault, nodesOf: NodesOfPlan): NodeFaultReport {
    const { id = `node ${fault.node}`, type = '' } = nodesOf(fault.plan)[fault.node] ?? {};
    const seconds = fault.frame / this.#sampleRate;
    if (fault.kind === 'latency') {
      const { declared, measured } = fault;
      const text = `${id}: its type ${type} declares a latency of ${frames(declared)}, and ${frames(measured)} were measured`;
      return { kind: fault.kind, node: id, seconds, declared, measured, text };
    }
    const { batch, channel } = fault;
    const text = `${id}: batch ${batch} of channel ${channel} was not finite; it is silent until the next tick and begins anew`;
    return { kind: fault.kind, node: id, seconds, batch, channel, text };
  }
}

function frames(count: number): string {
  return count === 1 ? '1 frame' : `${count} frames`;
}
