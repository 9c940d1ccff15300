// What an engine tells of nodes that went wrong while they played.

import type { NativeNodeFault } from './native.js';

interface FaultyNode {
  /** Number of the plan, and the node's index in it. */
  readonly plan: number;
  readonly node: number;
  /** As the node counts frames. */
  readonly frame: number;
}

/** A lane gave a value that is not finite: it gives 0 until the next tick, where its state begins anew. */
export interface NotFinite extends FaultyNode {
  readonly kind: 'not_finite';
  readonly batch: number;
  readonly channel: number;
}

/** What enters the node leaves it earlier or later than its type declares; frames. */
export interface WrongLatency extends FaultyNode {
  readonly kind: 'latency';
  readonly declared: number;
  readonly measured: number;
}

export type NodeFault = NotFinite | WrongLatency;

/** The kinds in the order of `amp_node_fault_kind`. */
const kinds = ['not_finite', 'latency'] as const;

export function nodeFaultOf(fault: NativeNodeFault): NodeFault {
  const { plan, node, frame, batch, channel, declaredLatency: declared, measuredLatency: measured } = fault;
  const kind = kinds[fault.kind];
  if (kind === undefined) {
    throw new Error(`the engine told the fault ${fault.kind} of a node, which amp.h does not have`);
  }
  return kind === 'latency'
    ? { kind, plan, node, frame, declared, measured }
    : { kind, plan, node, frame, batch, channel };
}
