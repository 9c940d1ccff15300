// How the parts of a plan are called on screens.

import type { SlowMoves } from '../engine/live-streamer.js';
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

/** `low.cutoff`; of an edge its name, or the one that the patch gives it. */
export function movingName({ nodes, edges }: Plan, names: readonly string[], moving: SlowMoves): string {
  if (moving.type === 'edge') {
    return edges[moving.edge]?.id || (names[moving.edge] ?? '');
  }
  const node = nodes[moving.node];
  return `${node?.id}.${node?.parameters[moving.parameter]?.name}`;
}

function targetName(node: Plan['nodes'][number] | undefined, { toKind, toIndex }: PlanEdge): string | undefined {
  return (toKind === 'input' ? node?.inputs : node?.parameters)?.[toIndex]?.name;
}
