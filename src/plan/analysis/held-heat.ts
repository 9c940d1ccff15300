// Heat goes on while a gate is closed, so no gate holds it.

import { isHeat } from '../../patch/heat-tap.js';
import type { Patch } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Refuse } from './refuse.js';
import { sourceName, targetName } from './refuse.js';

/** Refuses gates that hold an edge that reads the heat of a node. */
export function refuseHeldHeat(patch: Patch, refuse: Refuse): void {
  for (const { id, span, members, whileClosed } of patch.gates) {
    for (const member of whileClosed === 'hold' ? members : []) {
      const edge = elementAt(patch.edges, member);
      if (isHeat(elementAt(patch.nodes, edge.fromNode).type, edge.fromOutput)) {
        const name = `"${sourceName(patch, edge)}" to "${targetName(patch, edge)}"`;
        refuse(span, `gate "${id}" would hold the heat from ${name}, which goes on; "mute" or "sample" fits`);
      }
    }
  }
}
