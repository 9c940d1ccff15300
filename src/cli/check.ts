// amp-live check: all mistakes of patches.

import { defaultSampleRate, defineCommand, sharedOptions } from './command.js';
import { exitCodes } from './exit-code.js';
import { print, printError } from './print.js';
import { reportFailure } from './report-failure.js';
import { readScheduleOptions, scheduleOptions } from './schedule-options.js';

export const checkCommand = defineCommand({
  name: 'check',
  summary: 'find all mistakes of patches',
  usage: 'PATCH... [OPTIONS]',
  details: ['Each mistake is a line: file, line, column, what was found, what would fit.'],
  options: { 'sample-rate': sharedOptions['sample-rate'], ...scheduleOptions },
  positionals: { least: 1, most: Number.POSITIVE_INFINITY, name: 'PATCH' },
  run: async (values, patchPaths) => {
    const choosing = readScheduleOptions(values);
    const mistake = choosing.ok ? findMistake(values.ipls, patchPaths) : choosing.mistake;
    if (mistake !== undefined || !choosing.ok) {
      printError(`amp-live check: ${mistake}`);
      return exitCodes.usage;
    }
    const { loadPlan } = await import('../session/patch-file.js');
    let exitCode: number = exitCodes.done;
    for (const path of patchPaths) {
      const loading = await loadPlan(path, {
        sampleRate: values['sample-rate'] ?? defaultSampleRate,
        schedule: choosing.choice,
      });
      if (loading.ok) {
        print(`${path}: no mistakes`);
      } else {
        exitCode = Math.max(exitCode, reportFailure(loading.failure));
      }
    }
    return exitCode;
  },
});

/** A schedule in a file names the nodes of one patch. */
function findMistake(ipls: string | undefined, patchPaths: readonly string[]): string | undefined {
  return ipls !== undefined && patchPaths.length > 1
    ? `--ipls ${ipls} is the schedule of one patch, and ${patchPaths.length} are named; check that one by itself`
    : undefined;
}
