// How the parts of a plan are called on screens.

import type { Plan, PlanEdge } from '../plan/plan.js';

/** `saw.out -> low.in` of each edge, in the plan's order. */
export function edgeNames({ nodes, edges }: Plan): readonly string[] {
  return edges.map((edge) => {
    const from = nodes[edge.fromNode];
    const output = from?.outputs[edge.fromOutput]?.name;
    const to = nodes[edge.toNode];
    return `${from?.id}.${output} -> ${to?.id}.${targetName(to, edge)}`;
  });
}

function targetName(node: Plan['nodes'][number] | undefined, { toKind, toIndex }: PlanEdge): string | undefined {
  return (toKind === 'input' ? node?.inputs : node?.parameters)?.[toIndex]?.name;
}
