// amp-live render: a patch to a WAV file.

import type { Rendering, RenderSettings, RenderSummary } from '../session/render.js';
import { defaultBlock, defaultSampleRate, defaultWorkers, defineCommand, sharedOptions } from './command.js';
import { exitCodes } from './exit-code.js';
import { listenForInterruption } from './interruption.js';
import { print, printError } from './print.js';
import { formatProgress, formatTimes, ProgressBar } from './progress-bar.js';
import { reportFailure } from './report-failure.js';
import { readScheduleOptions, scheduleOptionIn, scheduleOptions } from './schedule-options.js';

export const renderCommand = defineCommand({
  name: 'render',
  summary: 'render a patch, or a performance again, to a WAV file of 32-bit floats',
  usage: 'PATCH -o OUT.wav [OPTIONS]',
  details: [
    'The same patch, MIDI file, length and sample rate give the same samples on every machine; their SHA-256 is printed.',
    'The file appears under its name only when it is whole. With --journal FILE in place of PATCH it is what was played.',
  ],
  options: {
    output: { type: 'text', short: 'o', value: 'OUT.wav', help: 'the file to write; needed' },
    seconds: {
      ...sharedOptions.seconds,
      help: 'length of the file (default: of the performance; 2 s beyond the end of the MIDI file; else 10 s)',
    },
    midi: { type: 'text', value: 'FILE.mid', help: 'a MIDI file of format 0 or 1 to play' },
    journal: { type: 'text', value: 'FILE', help: 'a journal of `play`: that performance again, bit for bit' },
    block: sharedOptions.block,
    workers: sharedOptions.workers,
    'sample-rate': sharedOptions['sample-rate'],
    ...scheduleOptions,
    json: { ...sharedOptions.json, help: 'print the summary as JSON' },
  },
  positionals: { least: 0, most: 1, name: 'PATCH' },
  run: async (values, [patchPath]) => {
    const choosing = readScheduleOptions(values);
    const mistake = findMistake(values, patchPath) ?? (choosing.ok ? undefined : choosing.mistake);
    if (mistake !== undefined || !choosing.ok) {
      printError(`amp-live render: ${mistake}`);
      return exitCodes.usage;
    }
    const { renderJournalToFile, renderToFile } = await import('../session/render.js');
    const sampleRate = values['sample-rate'] ?? defaultSampleRate;
    const interruption = listenForInterruption();
    const bar = new ProgressBar(process.stderr, formatProgress);
    const settings: RenderSettings = {
      outputPath: values.output ?? '',
      block: values.block ?? defaultBlock,
      workers: values.workers ?? defaultWorkers(),
      signal: interruption.signal,
      onProgress: (progress) => bar.show(progress),
    };
    const { seconds, midi: midiPath, journal: journalPath } = values;
    const work: Promise<Rendering> =
      journalPath === undefined
        ? renderToFile({
            ...settings,
            patchPath: patchPath ?? '',
            midiPath,
            seconds,
            sampleRate,
            schedule: choosing.choice,
          })
        : renderJournalToFile({ ...settings, journalPath, seconds });
    const rendering = await work.finally(() => {
      bar.end();
      interruption.end();
    });
    if (!rendering.ok) {
      const exitCode = reportFailure(rendering.failure);
      return rendering.failure.type === 'interrupted' ? (interruption.exitCode() ?? exitCode) : exitCode;
    }
    for (const warning of rendering.summary.warnings) {
      printError(`amp-live render: ${warning}`);
    }
    print(values.json ? JSON.stringify(summaryData(rendering.summary)) : formatSummary(rendering.summary));
    return exitCodes.done;
  },
});

interface RenderWords {
  readonly output: string | undefined;
  readonly midi: string | undefined;
  readonly journal: string | undefined;
  readonly 'sample-rate': number | undefined;
  readonly schedule: string | undefined;
  readonly 'partial-latency': number | undefined;
  readonly ipls: string | undefined;
}

/** What options may not say together. */
function findMistake(words: RenderWords, patchPath: string | undefined): string | undefined {
  if (words.journal === undefined) {
    if (patchPath === undefined) {
      return 'PATCH is missing, or --journal FILE';
    }
  } else if (patchPath !== undefined) {
    return `found "${patchPath}" beside --journal, which holds its patch`;
  } else if (words.midi !== undefined || words['sample-rate'] !== undefined) {
    const option = words.midi === undefined ? '--sample-rate' : '--midi';
    return `${option} does not go with --journal, which holds its notes and its sample rate`;
  } else {
    const option = scheduleOptionIn(words);
    if (option !== undefined) {
      return `${option} does not go with --journal, which holds its plans with their schedules`;
    }
  }
  return words.output === undefined ? 'say where to write: -o OUT.wav' : undefined;
}

/** Decibels relative to full scale; nothing for silence. */
function peakDbfs({ peak }: RenderSummary): number | null {
  return peak === 0 ? null : Number((20 * Math.log10(peak)).toFixed(2));
}

function summaryData(summary: RenderSummary) {
  const { outputPath, frames, seconds, channels, sampleRate, timesRealTime, sha256, lateEvents } = summary;
  return {
    output: outputPath,
    frames,
    seconds,
    channels,
    sampleRate,
    timesRealTime: Number(timesRealTime.toFixed(2)),
    peakDbfs: peakDbfs(summary),
    sha256,
    lateEvents,
  };
}

function formatSummary(summary: RenderSummary): string {
  const peak = peakDbfs(summary);
  const { lateEvents } = summary;
  return [
    `${summary.outputPath}: ${Number(summary.seconds.toFixed(3))} s`,
    `${formatTimes(summary.timesRealTime)} real time`,
    peak === null ? 'silent' : `peak ${peak.toFixed(1)} dBFS`,
    `SHA-256 ${summary.sha256}`,
    ...(lateEvents === 0 ? [] : [`${lateEvents} late ${lateEvents === 1 ? 'event' : 'events'}`]),
  ].join(', ');
}
