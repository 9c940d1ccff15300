// A schedule that somebody wrote, checked where its text is known.

import type { AddedNode, Patch, ScheduleStage, WrittenStage } from '../../patch/patch.js';
import { listWords } from '../../patch/suggestion.js';
import { elementAt } from '../graph/element-at.js';
import type { Frames, PlanSchedule } from '../plan.js';
import { largestBlock } from '../plan.js';
import type { Components } from './components.js';
import type { Dependencies, Dependency } from './dependencies.js';
import type { Refuse } from './refuse.js';
import { explainStep, sourceName, targetName } from './refuse.js';

/** Where a node stands in a schedule. */
interface Place {
  readonly stage: number;
  readonly cohort: number;
  readonly lane: number;
}

/**
 * The schedule that somebody wrote; `null` if nobody did, or after a mistake. `lags` are delay and alignment of each dependency. The
 * block is not known here, so what depends on it must hold for the largest one; then it holds for all. `refuse` takes places in the
 * schedule's text.
 */
export function findSchedule(
  patch: Patch,
  dependencies: Dependencies,
  components: Components,
  lags: readonly Frames[],
  refuse: Refuse,
): PlanSchedule | null {
  if (patch.schedule.type !== 'stages') {
    return null;
  }
  const { span, stages: written } = patch.schedule;
  const stages = findAddedNodes(patch, written, refuse);
  const places = placesOf(stages);
  const missing = patch.nodes.filter((_, node) => places[node] === undefined).map(({ id }) => `"${id}"`);
  if (missing.length > 0) {
    const what =
      missing.length === 1 ? 'a sum of voices that the planner adds' : 'sums of voices that the planner adds';
    refuse(
      span,
      `the schedule leaves out ${listWords(missing)}, ${what} before a delay; every node has to stand in a stage`,
    );
    return null;
  }
  const refuseNode = (node: number, message: string) => {
    const { stage, cohort } = elementAt(places, node);
    refuse(written[stage]?.cohorts[cohort]?.span ?? span, message);
  };
  refuseSplitLoops(patch, components, places, refuseNode);
  dependencies.list.forEach((dependency, index) => {
    if (components.componentOf[dependency.from] !== components.componentOf[dependency.to]) {
      refuseEarlyReader(patch, dependency, elementAt(lags, index), stages, places, refuseNode);
    }
  });
  return { stages };
}

/** The stages with every node by its index; the nodes that the planner adds stand behind those of the patch. */
function findAddedNodes(patch: Patch, stages: readonly WrittenStage[], refuse: Refuse): readonly ScheduleStage[] {
  const indexOf = new Map(patch.nodes.map(({ id }, index) => [id, index]));
  const find = ({ name, span }: AddedNode): readonly number[] => {
    const index = indexOf.get(name);
    if (index === undefined) {
      refuse(span, noAddedNode(name));
    }
    return index === undefined ? [] : [index];
  };
  return stages.map(({ partialLatency, cohorts }) => ({
    partialLatency,
    cohorts: cohorts.map(({ type, nodes }) => ({
      type,
      nodes: nodes.flatMap((node) => (typeof node === 'number' ? [node] : find(node))),
    })),
  }));
}

function noAddedNode(name: string): string {
  return `the schedule has "${name}", but the planner adds no such sum: nothing that voices make leaves them late there`;
}

/** By node; a patch's schedule has each node once. */
function placesOf(stages: readonly ScheduleStage[]): readonly Place[] {
  const places: Place[] = [];
  stages.forEach(({ cohorts }, stage) => {
    cohorts.forEach(({ nodes }, cohort) => {
      nodes.forEach((node, lane) => {
        places[node] = { stage, cohort, lane };
      });
    });
  });
  return places;
}

function refuseSplitLoops(
  patch: Patch,
  components: Components,
  places: readonly Place[],
  refuse: (node: number, message: string) => void,
): void {
  for (const { nodes } of components.list) {
    const first = elementAt(nodes, 0);
    const { stage } = elementAt(places, first);
    const other = nodes.find((node) => elementAt(places, node).stage !== stage);
    if (other !== undefined) {
      const [one, two] = [first, other].map((node) => `"${elementAt(patch.nodes, node).id}"`);
      refuse(
        other,
        `the schedule has ${one} and ${two} in different stages, but they are in one loop; a loop runs in one stage`,
      );
    }
  }
}

function refuseEarlyReader(
  patch: Patch,
  dependency: Dependency,
  lag: Frames,
  stages: readonly ScheduleStage[],
  places: readonly Place[],
  refuse: (node: number, message: string) => void,
): void {
  const from = elementAt(places, dependency.from);
  const to = elementAt(places, dependency.to);
  if (from.stage === to.stage && from.cohort === to.cohort && from.lane < to.lane) {
    return; // A chain of one type runs skewed inside its cohort.
  }
  const latencyOf = ({ stage }: Place) => elementAt(stages, stage).partialLatency;
  const isEarlier = from.stage < to.stage;
  const needed = (latencyOf(from) + (isEarlier ? 0 : 1) - latencyOf(to)) * largestBlock;
  if (lag < needed) {
    const reader = placeName(patch, dependency, 'to');
    const source = placeName(patch, dependency, 'from');
    const why = explainStep(patch, dependency);
    refuse(
      dependency.to,
      `the schedule lets "${reader}" (stage ${to.stage + 1}, partial latency ${latencyOf(to)}) read ` +
        `"${source}" (stage ${from.stage + 1}, partial latency ${latencyOf(from)}) too early: ${why ?? 'the edge'} ` +
        `${why === undefined ? 'has' : 'with'} a delay of ${lag} frames, and at least ${needed} fit blocks of ${largestBlock}`,
    );
  }
}

/** One end of a dependency: the tap or parameter of an edge, else the node. */
function placeName(patch: Patch, { from, to, cause }: Dependency, end: 'from' | 'to'): string {
  if (cause.type === 'edge') {
    const edge = elementAt(patch.edges, cause.edge);
    return end === 'from' ? sourceName(patch, edge) : targetName(patch, edge);
  }
  return elementAt(patch.nodes, end === 'from' ? from : to).id;
}
