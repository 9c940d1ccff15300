// Parameters: where each one starts from, and how fast it may move.

import type { Patch, PatchNode, Slew } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Graph } from '../graph/graph.js';
import type { PlanParameter, PlanSlew } from '../plan.js';

/** All parameters of a node, in the order of the declaration. */
export function findParameters(patch: Patch, graph: Graph, node: PatchNode, index: number): readonly PlanParameter[] {
  return node.type.parameters.map((declared, place) => {
    const written = node.parameters.get(declared.name);
    const start = isFed(patch, graph, index, place) ? 0 : declared.default;
    return {
      name: declared.name,
      isWritten: written !== undefined,
      base: written?.values ?? [{ number: start, unit: 'plain' }],
      slew: limitsOf(node.slew.get(declared.name)),
    };
  });
}

/** Whether an edge adds to a parameter; one that scales it needs something to scale. */
function isFed(patch: Patch, graph: Graph, node: number, place: number): boolean {
  return elementAt(graph.incoming, node).some((index) => {
    const edge = elementAt(patch.edges, index);
    return edge.toKind === 'parameter' && edge.toIndex === place && edge.mode === 'add';
  });
}

/** Of a parameter or of a modulation. */
export function limitsOf(slew: Slew | undefined): PlanSlew {
  if (slew === undefined || slew.type === 'ideal') {
    return { rate: null, acceleration: null, area: null };
  }
  return { rate: slew.rate ?? null, acceleration: slew.acceleration ?? null, area: slew.area ?? null };
}
