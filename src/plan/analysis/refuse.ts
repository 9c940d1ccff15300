// How an analysis says that a patch cannot run, and how it names things.

import type { SourceSpan } from '../../patch/diagnostic.js';
import type { Patch, PatchEdge } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';

/** Takes one mistake: where it stands, what was found, what would fit. */
export type Refuse = (span: SourceSpan, message: string) => void;

/** The output tap that an edge reads, as a patch writes it. */
export function sourceName(patch: Patch, edge: PatchEdge): string {
  const node = elementAt(patch.nodes, edge.fromNode);
  return `${node.id}.${elementAt(node.type.outputs, edge.fromOutput).name}`;
}

/** The input tap or parameter that an edge feeds, as a patch writes it. */
export function targetName(patch: Patch, edge: PatchEdge): string {
  const node = elementAt(patch.nodes, edge.toNode);
  const targets: readonly { readonly name: string }[] =
    edge.toKind === 'input' ? node.type.inputs : node.type.parameters;
  return `${node.id}.${elementAt(targets, edge.toIndex).name}`;
}

const longestLoopShown = 16;

/** The nodes along the edges of a loop: `a -> b -> a`. */
export function loopName(patch: Patch, edges: readonly number[]): string {
  const ids = edges.map((edge) => elementAt(patch.nodes, elementAt(patch.edges, edge).fromNode).id);
  const first = elementAt(ids, 0);
  const left = ids.length - longestLoopShown;
  const shown = left > 0 ? [...ids.slice(0, longestLoopShown), `(${left} more)`] : ids;
  return [...shown, first].join(' -> ');
}
