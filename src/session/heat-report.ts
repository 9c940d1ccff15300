// The heat of a plan against the budget of its patch: of each node, of each tap group and of all together.

import type { GroupHeat } from '../engine/heat.js';
import type { Plan, PlanThermal } from '../plan/plan.js';
import type { HeatReport, HeatState, NodeHeatReport, ThermalReport } from './status.js';

/** What all nodes and the graph are warmed by, in the plan's order. */
export interface PlanHeat {
  readonly thermal: ThermalReport;
  readonly nodes: readonly NodeHeatReport[];
}

/** `warm` from the patch's mark on, `hot` from half of the way to the limit on, `over` from the limit on. */
export function heatStateOf({ warm, limit }: Pick<PlanThermal, 'warm' | 'limit'>, temperature: number): HeatState {
  if (temperature >= limit) {
    return 'over';
  }
  return temperature >= (warm + limit) / 2 ? 'hot' : temperature >= warm ? 'warm' : 'cool';
}

/** Sums are taken in the plan's order. */
export function planHeat(plan: Plan, heats: readonly GroupHeat[]): PlanHeat {
  const { thermal } = plan;
  const report = (of: readonly GroupHeat[]): HeatReport => {
    const temperature = thermal.ambient + of.reduce((sum, { heat }) => sum + heat, 0);
    const power = of.reduce((sum, each) => sum + each.power, 0);
    return { temperature, power, state: heatStateOf(thermal, temperature) };
  };
  const byNode = groupedBy(heats, ({ node }) => node);
  const byGroup = groupedBy(heats, ({ node, input }) => plan.nodes[node]?.inputs[input]?.group ?? '');
  const { ambient, warm, limit } = thermal;
  return {
    thermal: {
      ambient,
      warm,
      limit,
      ...report(heats),
      groups: Array.from(byGroup, ([name, of]) => ({ name, ...report(of) })),
    },
    nodes: plan.nodes.map((_, index) => {
      const of = byNode.get(index) ?? [];
      return { ...report(of), gain: of[0]?.gain ?? 1 };
    }),
  };
}

function groupedBy<Key>(heats: readonly GroupHeat[], keyOf: (heat: GroupHeat) => Key): ReadonlyMap<Key, GroupHeat[]> {
  const groups = new Map<Key, GroupHeat[]>();
  for (const heat of heats) {
    const group = groups.get(keyOf(heat));
    if (group === undefined) {
      groups.set(keyOf(heat), [heat]);
    } else {
      group.push(heat);
    }
  }
  return groups;
}
