// amp-live fit: the values of a patch that come nearest to a recording.

import { parse } from 'node:path';
import { formatLiteral } from '../patch/units.js';
import type { FitSummary, MemoryNeed } from '../session/fit.js';
import { defaultSampleRate, defaultWorkers, defineCommand, sharedOptions } from './command.js';
import { exitCodes } from './exit-code.js';
import { listenForInterruption } from './interruption.js';
import { print, printError } from './print.js';
import { formatDistance, formatFitProgress, ProgressBar } from './progress-bar.js';
import { reportFailure } from './report-failure.js';

const defaultStarts = 256;
const defaultSteps = 200;
/** Nobody waits for the first block. */
const defaultBlock = 1024;

export const fitCommand = defineCommand({
  name: 'fit',
  summary: 'find the values with which a patch sounds like a recording, and write a new patch',
  usage: 'PATCH --target REF.wav --params NODE.PARAMETER,... [OPTIONS]',
  details: [
    'A coarse grid of starts is tried, and from the best of them gradients lead on. Ctrl-C ends the search and keeps the best so far.',
    'The new patch has the comments of the old one, which stays as it was.',
  ],
  options: {
    target: { type: 'text', value: 'REF.wav', help: 'the recording; needed' },
    params: {
      type: 'text',
      value: 'NAMES',
      help: 'what may be moved, with commas between, such as low.cutoff,env.attack,wet.gain; needed',
    },
    output: { type: 'text', short: 'o', value: 'NEW.jsonc', help: 'the patch to write (default: PATCH.fit.jsonc)' },
    replace: { type: 'flag', help: 'write it even if it is there already' },
    midi: { type: 'text', value: 'FILE.mid', help: 'a MIDI file of format 0 or 1 to play' },
    seconds: { ...sharedOptions.seconds, help: 'length of the recording that counts (default: all of it)' },
    'sample-rate': { ...sharedOptions['sample-rate'], help: "the recording's frames in a second (default 48000)" },
    starts: {
      type: 'number',
      value: 'N',
      minimum: 1,
      maximum: 100_000,
      isWhole: true,
      help: `starts that are tried at most, 1 to 100000 (default ${defaultStarts})`,
    },
    steps: {
      type: 'number',
      value: 'N',
      minimum: 0,
      maximum: 100_000,
      isWhole: true,
      help: `steps of a way down from a start, 0 to 100000 (default ${defaultSteps})`,
    },
    block: { ...sharedOptions.block, help: 'frames in a block, 1 to 4096 (default 1024)' },
    workers: { ...sharedOptions.workers, help: 'threads that compute (default: cores - 1, at least 1)' },
    json: { ...sharedOptions.json, help: 'print the summary as JSON' },
  },
  positionals: { least: 1, most: 1, name: 'PATCH' },
  run: async (values, [patchPath = '']) => {
    const mistake = findMistake(values);
    if (mistake !== undefined) {
      printError(`amp-live fit: ${mistake}`);
      return exitCodes.usage;
    }
    const { fitToFile } = await import('../session/fit.js');
    const interruption = listenForInterruption();
    const bar = new ProgressBar(process.stderr, formatFitProgress);
    const fitting = await fitToFile({
      patchPath,
      targetPath: values.target ?? '',
      parameters: namesIn(values.params ?? ''),
      midiPath: values.midi,
      outputPath: values.output ?? besidePatch(patchPath),
      replaces: values.replace,
      sampleRate: values['sample-rate'] ?? defaultSampleRate,
      seconds: values.seconds,
      block: values.block ?? defaultBlock,
      workers: values.workers ?? defaultWorkers(),
      starts: values.starts ?? defaultStarts,
      steps: values.steps ?? defaultSteps,
      signal: interruption.signal,
      onMemory: (need) => printError(`amp-live fit: ${formatNeed(need)}`),
      onProgress: (progress) => bar.show(progress),
    }).finally(() => {
      bar.end();
      interruption.end();
    });
    if (!fitting.ok) {
      return reportFailure(fitting.failure);
    }
    const { summary } = fitting;
    for (const { name } of summary.parameters.filter(({ isIdle }) => isIdle)) {
      printError(`amp-live fit: nothing that is heard depends on ${name}; it stays as it was`);
    }
    if (summary.isInterrupted) {
      printError('amp-live fit: interrupted; this is the best so far');
    }
    print(values.json ? JSON.stringify(summaryData(summary)) : formatSummary(summary));
    return interruption.exitCode() ?? exitCodes.done;
  },
});

interface FitWords {
  readonly target: string | undefined;
  readonly params: string | undefined;
}

function findMistake({ target, params }: FitWords): string | undefined {
  if (target === undefined) {
    return 'say what to fit to: --target REF.wav';
  }
  return params === undefined || namesIn(params).length === 0
    ? 'say what may be moved: --params low.cutoff,env.attack'
    : undefined;
}

function namesIn(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** `pad.jsonc` becomes `pad.fit.jsonc`. */
function besidePatch(patchPath: string): string {
  const { dir, name, ext } = parse(patchPath);
  return `${dir === '' ? '' : `${dir}/`}${name}.fit${ext === '' ? '.jsonc' : ext}`;
}

function formatNeed({ frames, sampleRate, bytes }: MemoryNeed): string {
  const mebibytes = Math.ceil(bytes / 2 ** 20);
  return `recording ${Number((frames / sampleRate).toFixed(3))} s takes ${mebibytes} MiB`;
}

function summaryData({ parameters, ...summary }: FitSummary) {
  return {
    output: summary.outputPath,
    parameters: parameters.map(({ name, before, after }) => {
      return { name, before: formatLiteral(before), after: formatLiteral(after) };
    }),
    distanceBefore: summary.distanceBefore,
    distance: summary.distance,
    starts: summary.starts,
    steps: summary.steps,
    seconds: Number(summary.seconds.toFixed(3)),
    isInterrupted: summary.isInterrupted,
  };
}

function formatSummary(summary: FitSummary): string {
  const { outputPath, parameters, distanceBefore, distance, starts, steps, seconds } = summary;
  const faces = parameters.map(({ name, before, after }) => {
    return [name, `${formatLiteral(before)}`, `${formatLiteral(after)}`] as const;
  });
  const width = (column: 0 | 1) => Math.max(...faces.map((face) => face[column].length));
  const way = `distance ${formatDistance(distanceBefore)} -> ${formatDistance(distance)}`;
  return [
    ...faces.map(([name, before, after]) => `${name.padEnd(width(0))}  ${before.padStart(width(1))} -> ${after}`),
    `${outputPath}: ${way}, ${starts} starts, ${steps} steps, ${seconds.toFixed(1)} s`,
  ].join('\n');
}
