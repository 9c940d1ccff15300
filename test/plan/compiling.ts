// Compiling in tests: the plan of a patch that must compile, the complaints about one that must not.

import type { CompileReport } from '../../src/plan/compile.js';
import { compilePlan } from '../../src/plan/compile.js';
import type { Plan, PlanEdge, PlanNode } from '../../src/plan/plan.js';
import type { PatchSketch } from './patch-builder.js';
import { buildPatch } from './patch-builder.js';

export function compiled(sketch: PatchSketch, sampleRate = 48_000): { plan: Plan; report: CompileReport } {
  const result = compilePlan(buildPatch(sketch), { sampleRate });
  if (!result.ok) {
    throw new Error(`refused: ${result.diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n')}`);
  }
  return result;
}

export function planOf(sketch: PatchSketch, sampleRate = 48_000): Plan {
  return compiled(sketch, sampleRate).plan;
}

/** What is refused, as `line: message`. */
export function complaintsAbout(sketch: PatchSketch, sampleRate = 48_000): readonly string[] {
  const result = compilePlan(buildPatch(sketch), { sampleRate });
  return result.ok ? [] : result.diagnostics.map(({ line, message }) => `${line}: ${message}`);
}

export function nodeIn(plan: Plan, id: string): PlanNode {
  const found = plan.nodes.find((node) => node.id === id);
  if (found === undefined) {
    throw new Error(`no node ${id} in the plan`);
  }
  return found;
}

/** The edge from one node to another. */
export function edgeIn(plan: Plan, from: string, to: string): PlanEdge {
  const found = plan.edges.find(({ fromNode, toNode }) => {
    return plan.nodes[fromNode]?.id === from && plan.nodes[toNode]?.id === to;
  });
  if (found === undefined) {
    throw new Error(`no edge from ${from} to ${to} in the plan`);
  }
  return found;
}
