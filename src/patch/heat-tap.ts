// A node's heat as what an edge reads: one lane behind the outputs that its type declares.

import type { NodeType } from './node-types.js';

/** What a patch calls it: `low.thermo.heat`. */
export const heatTap = 'thermo.heat';

/** Frames by which whoever reads it is behind, at least: heat is published a tick after it was measured. */
export const heatDelay = 64;

/** Its place among a node's outputs. */
export function heatOutput(type: NodeType): number {
  return type.outputs.length;
}

export function isHeat(type: NodeType, output: number): boolean {
  return output === heatOutput(type);
}

/** Of an output that an edge reads, heat among them. */
export function outputName(type: NodeType, output: number): string {
  const declared = type.outputs[output];
  if (declared !== undefined) {
    return declared.name;
  }
  if (isHeat(type, output)) {
    return heatTap;
  }
  throw new Error(`${type.name} has no output ${output}`);
}
