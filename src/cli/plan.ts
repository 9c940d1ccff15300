// amp-live plan: what the planner makes of a patch.

import { defaultBlock, defaultSampleRate, defineCommand, sharedOptions } from './command.js';
import { exitCodes } from './exit-code.js';
import { print, printError } from './print.js';
import { reportFailure } from './report-failure.js';
import { readScheduleOptions, scheduleOptions } from './schedule-options.js';

export const planCommand = defineCommand({
  name: 'plan',
  summary: 'show the plan of a patch: order, taps, shapes, delays, memory, latency',
  usage: 'PATCH [OPTIONS]',
  details: [
    'With --ipls alone it prints the schedule and nothing else: that of the patch, or what the planner makes. It can be edited, and',
    'every command takes it back with --ipls FILE.',
  ],
  options: {
    json: sharedOptions.json,
    output: { type: 'text', short: 'o', value: 'FILE.plan', help: 'write the plan as the engine loads it, too' },
    block: {
      ...sharedOptions.block,
      help: 'frames in a block, 1 to 4096 (default 64); the size of the arena depends on it',
    },
    'sample-rate': sharedOptions['sample-rate'],
    ...scheduleOptions,
    ipls: { type: 'optional text', value: 'FILE', help: 'print the schedule as JSON; with FILE plan by that schedule' },
  },
  positionals: { least: 1, most: 1, name: 'PATCH' },
  run: async (values, [patchPath = '']) => {
    const isWanted = values.ipls === true;
    const choosing = readScheduleOptions({
      ...values,
      ipls: typeof values.ipls === 'string' ? values.ipls : undefined,
    });
    const mistake = choosing.ok ? findMistake(values) : choosing.mistake;
    if (mistake !== undefined || !choosing.ok) {
      printError(`amp-live plan: ${mistake}`);
      return exitCodes.usage;
    }
    const { inspectPlan, writePlanFile } = await import('../session/plan-file.js');
    const planning = await inspectPlan({
      patchPath,
      block: values.block ?? defaultBlock,
      sampleRate: values['sample-rate'] ?? defaultSampleRate,
      schedule: choosing.choice,
      needsSchedule: isWanted,
    });
    if (!planning.ok) {
      return reportFailure(planning.failure);
    }
    const { bytes, inputs, description } = planning;
    const writing = values.output === undefined ? undefined : await writePlanFile(values.output, bytes, inputs);
    if (writing?.ok === false) {
      return reportFailure(writing.failure);
    }
    if (isWanted) {
      const { formatSchedule } = await import('../plan/format-schedule.js');
      print(formatSchedule(description.schedule ?? []));
    } else if (values.json) {
      print(JSON.stringify(description, null, 2));
    } else {
      const { formatPlan } = await import('../plan/format.js');
      print(formatPlan(description));
    }
    return exitCodes.done;
  },
});

interface PlanWords {
  readonly json: boolean;
  readonly schedule: string | undefined;
  readonly ipls: string | boolean;
}

/** What options may not say together. */
function findMistake({ json, schedule, ipls }: PlanWords): string | undefined {
  if (ipls === true && schedule === 'kpn') {
    return '--ipls prints a schedule, and --schedule kpn says that there is none; one of them fits';
  }
  if (ipls === true && json) {
    return '--ipls prints the schedule alone, --json the whole plan; one of them fits';
  }
  return undefined;
}
