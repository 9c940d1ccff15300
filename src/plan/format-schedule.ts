// A described schedule as text: tables for a terminal, and what a patch says under "schedule".

import type { DescribedRun, DescribedStage, ScheduleTotals } from './describe-schedule.js';

/** JSON for `--ipls` or for a patch, a cohort a line, without a line feed at the end. */
export function formatSchedule(stages: readonly Pick<DescribedStage, 'partialLatency' | 'cohorts'>[]): string {
  const cohortText = ({ type, nodes }: DescribedStage['cohorts'][number]) =>
    `        { "type": ${JSON.stringify(type)}, "nodes": [${nodes.map((id) => JSON.stringify(id)).join(', ')}] }`;
  const stageText = ({ partialLatency, cohorts }: (typeof stages)[number]) =>
    [
      '    {',
      `      "partial_latency": ${partialLatency},`,
      `      "cohorts": [\n${cohorts.map(cohortText).join(',\n')}\n      ]`,
      '    }',
    ].join('\n');
  return `{\n  "stages": [\n${stages.map(stageText).join(',\n')}\n  ]\n}`;
}

export const cohortHeader = ['stage', 'partial latency', 'cohort', 'nodes', 'runs as', 'gathers'] as const;

/** A row for each cohort, under `cohortHeader`. */
export function cohortRows(stages: readonly DescribedStage[]): readonly (readonly string[])[] {
  return stages.flatMap(({ partialLatency, cohorts }, stage) =>
    cohorts.map(({ type, nodes, fused }) => [
      `${stage + 1}`,
      `${partialLatency}`,
      `${type}(${shortened(nodes)})`,
      `${nodes.length}`,
      fused === null ? '' : formatRuns(fused, nodes.length),
      gatheredNames(fused ?? []).join(', '),
    ]),
  );
}

/** Nodes that a line names; more are counted. */
const mostNamed = 8;

function shortened(ids: readonly string[]): string {
  const more = ids.length - mostNamed;
  return more <= 0 ? ids.join(' ') : `${ids.slice(0, mostNamed).join(' ')} and ${more} more`;
}

/** `512 lanes`, `a chain of 8 and 1 alone`; nothing for a single node. */
function formatRuns(runs: readonly DescribedRun[], count: number): string {
  const alone = count - runs.reduce((sum, { nodes }) => sum + nodes.length, 0);
  const words = runs.map(({ kind, nodes }) =>
    kind === 'chain' ? `a chain of ${nodes.length}` : `${nodes.length} side by side`,
  );
  return count === 1 ? '' : [...words, ...(alone === 0 ? [] : [`${alone} one by one`])].join(', ');
}

function gatheredNames(runs: readonly DescribedRun[]): readonly string[] {
  const names = runs.flatMap(({ inputs, parameters }) =>
    [...Object.entries(inputs), ...Object.entries(parameters)].flatMap(([name, way]) =>
      way === 'gathered' ? [name] : [],
    ),
  );
  return [...new Set(names)];
}

/** One line. */
export function formatTotals(totals: ScheduleTotals): string {
  const { stages, cohorts, nodes, nodesInCohorts, fusedNodes, gathers, addedBlocks } = totals;
  return [
    `${counted(stages, 'stage')}, ${counted(cohorts, 'cohort')}`,
    `${nodesInCohorts} of ${counted(nodes, 'node')} in cohorts of two and more`,
    ...(fusedNodes === null ? [] : [`${fusedNodes} run as one with others`]),
    ...(gathers === null ? [] : [counted(gathers, 'gather')]),
    `added latency ${counted(addedBlocks, 'block')}`,
  ].join(', ');
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
