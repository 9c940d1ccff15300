// The command line of the benchmark.

import { parseArgs } from 'node:util';
import type { WorkloadId } from './workloads.js';
import { workloadIds } from './workloads.js';

/** What is measured besides the workloads, each by itself. */
export const otherParts = ['w6', 'nodes', 'workers', 'small', 'loop', 'telemetry'] as const;

export const parts = [...workloadIds, ...otherParts] as const;
export type Part = (typeof parts)[number];

export const usage = `npm run bench -- [nodes] [--write] [--runs N] [--only w1,w4-ipls,nodes] [--engine FILE]
  nodes          what a node of each type costs, and nothing else
  --write        put the report into docs/performance.md
  --runs N       measure each program N times; 3 unless told
  --only LIST    only these: the workloads ${workloadIds.join(', ')};
                 w6 (short notes), nodes (their number), workers (their number), small (two workers with little
                 to do), loop (what a short one costs), telemetry (what measuring costs)
  --engine FILE  measure this amp_render_plan in place of the one that the set-up builds`;

export interface Options {
  /** As it was typed. */
  readonly commandLine: readonly string[];
  /** Put the report into docs/performance.md. */
  readonly write: boolean;
  readonly runs: number;
  readonly chosen: ReadonlySet<Part>;
  /** Measure the node types in place of all that. */
  readonly types: boolean;
  /** Path of an amp_render_plan that stands in for our own. */
  readonly engine: string | undefined;
}

/** The options, or what is wrong with them. */
export function readOptions(commandLine: readonly string[]): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...commandLine],
      allowPositionals: true,
      options: {
        write: { type: 'boolean', default: false },
        runs: { type: 'string', default: '3' },
        only: { type: 'string' },
        engine: { type: 'string' },
      },
    });
    const types = positionals.length > 0;
    if (types && (positionals.length > 1 || positionals[0] !== 'nodes')) {
      return `${positionals.join(' ')}: only "nodes" fits there`;
    }
    if (types && (values.write || values.only !== undefined)) {
      return 'nodes: what types cost is printed by itself, so it goes with neither --write nor --only';
    }
    const names = values.only?.split(',') ?? parts;
    const unknown = names.filter((name) => !isPart(name));
    if (unknown.length > 0) {
      return `--only: there is no ${unknown.join(', ')}; ${parts.join(', ')} are there`;
    }
    if (values.write && (values.only !== undefined || values.engine !== undefined)) {
      return '--write: the page holds all figures with the engine of this checkout, so it goes with neither --only nor --engine';
    }
    if (!/^[1-9]\d{0,2}$/.test(values.runs)) {
      return `--runs ${values.runs}: a whole number from 1 to 999 fits`;
    }
    const chosen = new Set(names.filter(isPart));
    return { commandLine, write: values.write, runs: Number(values.runs), chosen, types, engine: values.engine };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isPart(name: string): name is Part {
  return parts.some((part) => part === name);
}

/** The workloads among the parts that were chosen. */
export function isWorkload(part: Part): part is WorkloadId {
  return workloadIds.some((id) => id === part);
}
