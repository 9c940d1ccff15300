// The command line of the benchmark.

import { parseArgs } from 'node:util';
import type { Workload } from './workloads.js';
import { workloads } from './workloads.js';

export const usage = `npm run bench -- [--write] [--runs N] [--only w1,w4] [--engine FILE]
  --write        put the report into docs/performance.md
  --runs N       measure each program N times; 5 unless told
  --only LIST    only these of ${workloads.map(({ id }) => id).join(', ')}
  --engine FILE  measure this amp_render_plan in place of the one that the set-up builds`;

export interface Options {
  /** As it was typed. */
  readonly commandLine: readonly string[];
  /** Put the report into docs/performance.md. */
  readonly write: boolean;
  readonly runs: number;
  readonly chosen: readonly Workload[];
  /** Path of an amp_render_plan that stands in for our own. */
  readonly engine: string | undefined;
}

/** The options, or what is wrong with them. */
export function readOptions(commandLine: readonly string[]): Options | string {
  try {
    const { values } = parseArgs({
      args: [...commandLine],
      options: {
        write: { type: 'boolean', default: false },
        runs: { type: 'string', default: '5' },
        only: { type: 'string' },
        engine: { type: 'string' },
      },
    });
    const ids = values.only?.split(',') ?? workloads.map(({ id }) => id);
    const unknown = ids.filter((id) => !workloads.some((workload) => workload.id === id));
    if (unknown.length > 0) {
      return `--only: there is no workload ${unknown.join(', ')}`;
    }
    if (values.write && (values.only !== undefined || values.engine !== undefined)) {
      return '--write: the page holds all workloads with the engine of this checkout, so it goes with neither --only nor --engine';
    }
    if (!/^[1-9]\d{0,2}$/.test(values.runs)) {
      return `--runs ${values.runs}: a whole number from 1 to 999 fits`;
    }
    const chosen = workloads.filter(({ id }) => ids.includes(id));
    return { commandLine, write: values.write, runs: Number(values.runs), chosen, engine: values.engine };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
