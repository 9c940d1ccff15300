// How an analysis says that a patch cannot run, and how it names things.

import type { SourceSpan } from '../../patch/diagnostic.js';
import { outputName } from '../../patch/heat-tap.js';
import type { Patch, PatchEdge } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Dependency } from './dependencies.js';

/** Takes one mistake: where it stands, what was found, what would fit. */
export type Refuse = (span: SourceSpan, message: string) => void;

/** The output tap that an edge reads, as a patch writes it. */
export function sourceName(patch: Patch, edge: PatchEdge): string {
  const node = elementAt(patch.nodes, edge.fromNode);
  return `${node.id}.${outputName(node.type, edge.fromOutput)}`;
}

/** The input tap or parameter that an edge feeds, as a patch writes it. */
export function targetName(patch: Patch, edge: PatchEdge): string {
  const node = elementAt(patch.nodes, edge.toNode);
  const targets: readonly { readonly name: string }[] =
    edge.toKind === 'input' ? node.type.inputs : node.type.parameters;
  return `${node.id}.${elementAt(targets, edge.toIndex).name}`;
}

const longestLoopShown = 16;

/** The nodes along a loop: `a -> b -> a`. */
export function loopName(patch: Patch, loop: readonly Dependency[]): string {
  const ids = loop.map(({ from }) => elementAt(patch.nodes, from).id);
  const first = elementAt(ids, 0);
  const left = ids.length - longestLoopShown;
  const shown = left > 0 ? [...ids.slice(0, longestLoopShown), `(${left} more)`] : ids;
  return [...shown, first].join(' -> ');
}

/** Why one node waits for another, where no edge leads from one to the other; nothing for edges. */
export function explainStep(patch: Patch, { to, cause }: Dependency): string | undefined {
  if (cause.type === 'edge') {
    return undefined;
  }
  const gate = elementAt(patch.gates, cause.gate);
  const waiting = elementAt(patch.nodes, to).id;
  if (cause.type === 'barrier') {
    const edge = elementAt(patch.edges, cause.edge);
    return `"${waiting}" waits for "${sourceName(patch, edge)}" at the barrier of gate "${gate.id}"`;
  }
  const { node, output } = elementAt(gate.signals, cause.signal);
  const source = elementAt(patch.nodes, node);
  const tap = elementAt(source.type.outputs, output).name;
  const stops = cause.type === 'stop' ? ', which may stop it' : '';
  return `"${waiting}" waits for "${source.id}.${tap}", a signal of gate "${gate.id}"${stops}`;
}

/** The steps of a loop that are no edges, in brackets; nothing if all are. */
export function explainSteps(patch: Patch, loop: readonly Dependency[]): string {
  const steps = loop.flatMap((step) => explainStep(patch, step) ?? []);
  return steps.length === 0 ? '' : ` (${[...new Set(steps)].slice(0, longestLoopShown).join(', ')})`;
}
