// amp-live check: all mistakes of patches.

import { formatDiagnostic } from '../patch/diagnostic.js';
import { defaultSampleRate, defineCommand, sharedOptions } from './command.js';
import { exitCodes } from './exit-code.js';
import { print } from './print.js';
import { reportFailure } from './report-failure.js';

export const checkCommand = defineCommand({
  name: 'check',
  summary: 'find all mistakes of patches',
  usage: 'PATCH... [OPTIONS]',
  details: ['Each mistake is a line: file, line, column, what was found, what would fit.'],
  options: { 'sample-rate': sharedOptions['sample-rate'] },
  positionals: { least: 1, most: Number.POSITIVE_INFINITY, name: 'PATCH' },
  run: async (values, patchPaths) => {
    const { loadPlan } = await import('../session/patch-file.js');
    let exitCode: number = exitCodes.done;
    for (const path of patchPaths) {
      const loading = await loadPlan(path, { sampleRate: values['sample-rate'] ?? defaultSampleRate });
      if (loading.ok) {
        print([`${path}: no mistakes`, ...loading.notes.map(formatDiagnostic)].join('\n'));
      } else {
        exitCode = Math.max(exitCode, reportFailure(loading.failure));
      }
    }
    return exitCode;
  },
});
