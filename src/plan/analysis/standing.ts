// What `block` would stop must be able to stand: nothing else may wait for it, and it must be told in time.

import type { Patch } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Components } from './components.js';
import type { Alignment } from './latency.js';
import type { Refuse } from './refuse.js';
import { sourceName, targetName } from './refuse.js';
import type { Region } from './regions.js';
import { pathTo, stoppingContract } from './regions.js';

/** Refuses the first thing that keeps a region from standing, for each region. Loops through its own edges are refused elsewhere. */
export function refuseUnfitRegions(
  patch: Patch,
  regions: readonly Region[],
  components: Components,
  alignment: Alignment,
  refuse: Refuse,
): void {
  for (const region of regions) {
    const contract = stoppingContract(patch, elementAt(region.edges, 0));
    const reasons = [starvation, ownReader, tornLoop, nesting, otherGate, lateness, otherReader];
    const found = reasons.reduce<string | undefined>(
      (reason, find) => reason ?? find({ patch, region, regions, components, alignment }),
      undefined,
    );
    if (contract !== undefined && found !== undefined) {
      const edge = elementAt(patch.edges, elementAt(region.edges, 0));
      const what = `"${targetName(patch, edge)}" would block "${sourceName(patch, edge)}"`;
      refuse(contract.span, `${what}, ${found}; "drop_oldest" fits`);
    }
  }
}

interface Sources {
  readonly patch: Patch;
  readonly region: Region;
  readonly regions: readonly Region[];
  readonly components: Components;
  readonly alignment: Alignment;
}

function nameOf(patch: Patch, node: number): string {
  return `"${elementAt(patch.nodes, node).id}"`;
}

/** In one loop with its own readers; `refuseBlockedLoops` says so. */
function isLoop({ patch, region, components }: Sources): boolean {
  return region.edges.some((index) => {
    const { fromNode, toNode } = elementAt(patch.edges, index);
    return components.componentOf[fromNode] === components.componentOf[toNode];
  });
}

function starvation(sources: Sources): string | undefined {
  const { patch, region } = sources;
  const output = region.nodes.find((node) => elementAt(patch.nodes, node).type.shape === 'output');
  if (output === undefined || isLoop(sources)) {
    return undefined;
  }
  const onward = pathTo(region, output).find(({ forward }) => forward);
  if (onward?.tie.type === 'signal') {
    const gate = elementAt(patch.gates, onward.tie.gate);
    const { node, output: tap } = elementAt(gate.signals, onward.tie.signal);
    const source = elementAt(patch.nodes, node);
    const name = `${source.id}.${elementAt(source.type.outputs, tap).name}`;
    return `and so starve the path to an output through "${name}", a signal of gate "${gate.id}"`;
  }
  const through = onward?.tie.type === 'edge' ? targetName(patch, elementAt(patch.edges, onward.tie.edge)) : undefined;
  return `and so starve the path to an output through "${through ?? elementAt(patch.nodes, output).id}"`;
}

function ownReader(sources: Sources): string | undefined {
  const { patch, region } = sources;
  const reader = region.edges
    .map((index) => elementAt(patch.edges, index).toNode)
    .find((node) => region.nodes.includes(node));
  return reader === undefined || isLoop(sources)
    ? undefined
    : `and so stop ${nameOf(patch, reader)} too, which hangs together with it in another way`;
}

function tornLoop({ patch, region, components }: Sources): string | undefined {
  for (const node of region.nodes) {
    const { nodes } = elementAt(components.list, elementAt(components.componentOf, node));
    const other = nodes.find((each) => !region.nodes.includes(each));
    if (other !== undefined) {
      return `but ${nameOf(patch, node)}, which would stand, and ${nameOf(patch, other)}, which would not, wait for each other at gates`;
    }
  }
  return undefined;
}

function nesting({ patch, region, regions }: Sources): string | undefined {
  const inner = regions
    .flatMap(({ edges }) => edges)
    .map((index) => elementAt(patch.edges, index))
    .find(({ toNode }) => region.nodes.includes(toNode));
  return (
    inner &&
    `and with it ${nameOf(patch, inner.toNode)}, where "${targetName(patch, inner)}" blocks "${sourceName(patch, inner)}"; one of the two can block`
  );
}

function otherGate({ patch, region }: Sources): string | undefined {
  const gate = elementAt(patch.gates, region.gate);
  const other = region.edges.find((index) => !gate.members.includes(index));
  const otherGate = patch.gates.find(({ members }) => other !== undefined && members.includes(other));
  return other === undefined
    ? undefined
    : `and so starve "${targetName(patch, elementAt(patch.edges, other))}", which another gate holds ("${otherGate?.id ?? ''}", not "${gate.id}")`;
}

function lateness({ patch, region, alignment }: Sources): string | undefined {
  const late = region.nodes.find((node) => elementAt(alignment.alignedLatency, node) > 0);
  return late === undefined
    ? undefined
    : `but ${nameOf(patch, late)}, which would stand, works ${elementAt(alignment.alignedLatency, late)} frames behind a look-ahead`;
}

function otherReader({ patch, region, alignment }: Sources): string | undefined {
  const lateOf = (index: number) => elementAt(alignment.alignedLatency, elementAt(patch.edges, index).toNode);
  const first = elementAt(region.edges, 0);
  const other = region.edges.find((index) => lateOf(index) !== lateOf(first));
  return other === undefined
    ? undefined
    : `which "${targetName(patch, elementAt(patch.edges, other))}" reads ${Math.abs(lateOf(other) - lateOf(first))} frames earlier or later`;
}
