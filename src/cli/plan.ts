// amp-live plan: what the planner makes of a patch.

import { defaultBlock, defaultSampleRate, defineCommand, sharedOptions } from './command.js';
import { exitCodes } from './exit-code.js';
import { print } from './print.js';
import { reportFailure } from './report-failure.js';

export const planCommand = defineCommand({
  name: 'plan',
  summary: 'show the plan of a patch: order, taps, shapes, delays, memory, latency',
  usage: 'PATCH [OPTIONS]',
  details: [],
  options: {
    json: sharedOptions.json,
    output: { type: 'text', short: 'o', value: 'FILE.plan', help: 'write the plan as the engine loads it, too' },
    block: {
      ...sharedOptions.block,
      help: 'frames in a block, 1 to 4096 (default 64); the size of the arena depends on it',
    },
    'sample-rate': sharedOptions['sample-rate'],
  },
  positionals: { least: 1, most: 1, name: 'PATCH' },
  run: async (values, [patchPath = '']) => {
    const { inspectPlan, writePlanFile } = await import('../session/plan-file.js');
    const planning = await inspectPlan({
      patchPath,
      block: values.block ?? defaultBlock,
      sampleRate: values['sample-rate'] ?? defaultSampleRate,
    });
    if (!planning.ok) {
      return reportFailure(planning.failure);
    }
    const writing =
      values.output === undefined ? undefined : await writePlanFile(values.output, planning.bytes, patchPath);
    if (writing?.ok === false) {
      return reportFailure(writing.failure);
    }
    if (values.json) {
      print(JSON.stringify(planning.description, null, 2));
    } else {
      const { formatPlan } = await import('../plan/format.js');
      print(formatPlan(planning.description));
    }
    return exitCodes.done;
  },
});
