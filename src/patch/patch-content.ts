// What whoever plays a patch needs to know of it: plain data, and little of it, since threads send it to each other.

import type { Patch, PatchEdge, PatchNode, Slew } from './patch.js';

/** Every `Patch` is one. Indexes are those of the patch. */
export interface PatchContent extends Pick<Patch, 'tempo' | 'meter' | 'seed' | 'controls' | 'gates'> {
  readonly nodes: readonly Pick<PatchNode, 'id' | 'type' | 'options' | 'slew'>[];
  readonly edges: readonly Pick<PatchEdge, 'id' | 'toNode' | 'toKind' | 'toIndex' | 'mode'>[];
}

/** A thousand nodes share what none of them has: one copy crosses to the other thread. */
const noOptions: ReadonlyMap<string, number> = new Map();
const noSlew: ReadonlyMap<string, Slew> = new Map();

/** The least of a patch by which it can be played. */
export function contentOf({ tempo, meter, seed, controls, gates, nodes, edges }: Patch): PatchContent {
  return {
    tempo,
    meter,
    seed,
    controls,
    gates,
    nodes: nodes.map(({ id, type, options, slew }) => ({
      id,
      type,
      options: options.size === 0 ? noOptions : options,
      slew: slew.size === 0 ? noSlew : slew,
    })),
    edges: edges.map(({ id, toNode, toKind, toIndex, mode }) => ({ id, toNode, toKind, toIndex, mode })),
  };
}
