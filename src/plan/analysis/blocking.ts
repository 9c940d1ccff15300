// Blocking: readers that would rather stop what feeds them than lose a frame.

import type { Patch, PatchEdge, TapContract } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Graph } from '../graph/graph.js';
import type { Components } from './components.js';
import type { Refuse } from './refuse.js';
import { sourceName, targetName } from './refuse.js';
import { sourceContract, targetContract } from './written-terms.js';

/** The contract that makes an input block what feeds it: its own, or if that does not say, the one of the output. */
export function blockingContract(patch: Patch, edge: PatchEdge): TapContract | undefined {
  const contracts = edge.toKind === 'input' ? [targetContract(patch, edge), sourceContract(patch, edge)] : [];
  const deciding = contracts.find((contract) => contract?.overflow !== undefined);
  return deciding?.overflow === 'block' ? deciding : undefined;
}

/**
 * An input that blocks stops what feeds it. Refuses that where the same node also feeds an output in another way. What gates hold,
 * and so may stop, is looked at as a whole: `refuseUnfitRegions`.
 */
export function refuseStarvation(patch: Patch, graph: Graph, refuse: Refuse): void {
  const held = new Set(patch.gates.flatMap(({ whileClosed, members }) => (whileClosed === 'hold' ? members : [])));
  const blocking = patch.edges.filter((edge, index) => blockingContract(patch, edge) && !held.has(index));
  if (blocking.length === 0) {
    return;
  }
  const reachesOutput = nodesThatReachOutput(patch, graph);
  for (const edge of blocking) {
    const contract = blockingContract(patch, edge);
    const starving = elementAt(graph.outgoing, edge.fromNode)
      .map((index) => elementAt(patch.edges, index))
      .find((other) => targetName(patch, other) !== targetName(patch, edge) && reachesOutput.has(other.toNode));
    if (contract !== undefined && starving !== undefined) {
      refuse(
        contract.span,
        `"${targetName(patch, edge)}" would block "${sourceName(patch, edge)}", and so starve the path to an output through ` +
          `"${targetName(patch, starving)}"; "drop_oldest" fits`,
      );
    }
  }
}

/** A reader that stops its own loop would never let it go on. */
export function refuseBlockedLoops(patch: Patch, { componentOf }: Components, refuse: Refuse): void {
  for (const edge of patch.edges) {
    const contract = blockingContract(patch, edge);
    if (contract !== undefined && componentOf[edge.fromNode] === componentOf[edge.toNode]) {
      refuse(
        contract.span,
        `"${targetName(patch, edge)}" would block "${sourceName(patch, edge)}", which is in one loop with it and so would never go on; ` +
          '"drop_oldest" fits',
      );
    }
  }
}

function nodesThatReachOutput(patch: Patch, graph: Graph): ReadonlySet<number> {
  const queue = patch.nodes.flatMap((node, index) => (node.type.shape === 'output' ? [index] : []));
  const reached = new Set(queue);
  for (let head = 0; head < queue.length; head += 1) {
    for (const edge of elementAt(graph.incoming, elementAt(queue, head))) {
      const { from } = elementAt(graph.arcs, edge);
      if (!reached.has(from)) {
        reached.add(from);
        queue.push(from);
      }
    }
  }
  return reached;
}
