// A schedule that the patch brings: checked here, so that the engine may follow it blindly.

import type { Patch, PatchEdge, ScheduleStage } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Frames, PlanSchedule } from '../plan.js';
import { largestBlock } from '../plan.js';
import type { Components } from './components.js';
import type { Refuse } from './refuse.js';
import { sourceName, targetName } from './refuse.js';

/** Where a node stands in a schedule. */
interface Place {
  readonly stage: number;
  readonly cohort: number;
  readonly lane: number;
}

/**
 * The patch's schedule; `null` if it has none, or leaves it to the planner. `lags` are delay and alignment of each edge. The
 * block is not known here, so what depends on it must hold for the largest one; then it holds for all.
 */
export function findSchedule(
  patch: Patch,
  components: Components,
  lags: readonly Frames[],
  refuse: Refuse,
): PlanSchedule | null {
  if (patch.schedule.type !== 'stages') {
    return null;
  }
  const { stages, span } = patch.schedule;
  const refuseHere = (message: string) => refuse(span, message);
  const places = placeNodes(patch, stages, refuseHere);
  if (places === undefined) {
    return null;
  }
  refuseSplitLoops(patch, components, places, refuseHere);
  patch.edges.forEach((edge, index) => {
    if (components.componentOf[edge.fromNode] !== components.componentOf[edge.toNode]) {
      refuseEarlyReader(patch, edge, elementAt(lags, index), stages, places, refuseHere);
    }
  });
  return { stages };
}

/** For each node its one place; nothing if a node has none or several. */
function placeNodes(
  patch: Patch,
  stages: readonly ScheduleStage[],
  refuse: (message: string) => void,
): readonly Place[] | undefined {
  const places: (Place | undefined)[] = patch.nodes.map(() => undefined);
  let isWhole = true;
  const refuseNode = (message: string) => {
    isWhole = false;
    refuse(message);
  };
  stages.forEach(({ cohorts }, stage) => {
    cohorts.forEach(({ type, nodes }, cohort) => {
      nodes.forEach((index, lane) => {
        const node = elementAt(patch.nodes, index);
        if (node.type.name !== type) {
          refuseNode(
            `the schedule has "${node.id}", a ${node.type.name}, in a cohort of ${type}; a cohort has one type`,
          );
        }
        if (places[index] !== undefined) {
          refuseNode(`the schedule has "${node.id}" twice; each node stands once`);
        }
        places[index] = { stage, cohort, lane };
      });
    });
  });
  const missing = patch.nodes.filter((_, index) => places[index] === undefined);
  if (missing.length > 0) {
    const shown = missing.slice(0, 8).map(({ id }) => `"${id}"`);
    const more = missing.length > shown.length ? ` and ${missing.length - shown.length} more` : '';
    refuseNode(`the schedule lacks ${shown.join(', ')}${more}; each node stands once`);
  }
  return isWhole ? (places as readonly Place[]) : undefined;
}

function refuseSplitLoops(
  patch: Patch,
  components: Components,
  places: readonly Place[],
  refuse: (message: string) => void,
): void {
  for (const { nodes } of components.list) {
    const first = elementAt(nodes, 0);
    const { stage } = elementAt(places, first);
    const other = nodes.find((node) => elementAt(places, node).stage !== stage);
    if (other !== undefined) {
      const [one, two] = [first, other].map((node) => `"${elementAt(patch.nodes, node).id}"`);
      refuse(
        `the schedule has ${one} and ${two} in different stages, but they are in one loop; a loop runs in one stage`,
      );
    }
  }
}

function refuseEarlyReader(
  patch: Patch,
  edge: PatchEdge,
  lag: Frames,
  stages: readonly ScheduleStage[],
  places: readonly Place[],
  refuse: (message: string) => void,
): void {
  const from = elementAt(places, edge.fromNode);
  const to = elementAt(places, edge.toNode);
  if (from.stage === to.stage && from.cohort === to.cohort && from.lane < to.lane) {
    return; // A chain of one type runs skewed inside its cohort.
  }
  const latencyOf = ({ stage }: Place) => elementAt(stages, stage).partialLatency;
  const isEarlier = from.stage < to.stage;
  const needed = (latencyOf(from) + (isEarlier ? 0 : 1) - latencyOf(to)) * largestBlock;
  if (lag < needed) {
    refuse(
      `the schedule lets "${targetName(patch, edge)}" (stage ${to.stage + 1}, partial latency ${latencyOf(to)}) read ` +
        `"${sourceName(patch, edge)}" (stage ${from.stage + 1}, partial latency ${latencyOf(from)}) too early: the edge has a delay of ` +
        `${lag} frames, and at least ${needed} fit blocks of ${largestBlock}`,
    );
  }
}
