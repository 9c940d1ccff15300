// amp-live render: a patch to a WAV file.

import { availableParallelism } from 'node:os';
import { formatDiagnostic } from '../patch/diagnostic.js';
import type { RenderSummary } from '../session/render.js';
import { defaultBlock, defaultSampleRate, defineCommand, sharedOptions } from './command.js';
import { exitCodes } from './exit-code.js';
import { listenForInterruption } from './interruption.js';
import { print, printError } from './print.js';
import { formatTimes, ProgressBar } from './progress-bar.js';
import { reportFailure } from './report-failure.js';

export const renderCommand = defineCommand({
  name: 'render',
  summary: 'render a patch to a WAV file of 32-bit floats',
  usage: 'PATCH -o OUT.wav [OPTIONS]',
  details: [
    'The same patch, MIDI file, length and sample rate give the same samples on every machine; their SHA-256 is printed.',
    'The file appears under its name only when it is whole.',
  ],
  options: {
    output: { type: 'text', short: 'o', value: 'OUT.wav', help: 'the file to write; needed' },
    seconds: {
      type: 'number',
      value: 'S',
      minimum: 0.001,
      maximum: 1_000_000,
      isWhole: false,
      help: 'length of the file (default: 2 s beyond the end of the MIDI file; 10 s without one)',
    },
    midi: { type: 'text', value: 'FILE.mid', help: 'a MIDI file of format 0 or 1 to play' },
    block: sharedOptions.block,
    workers: {
      type: 'number',
      value: 'N',
      minimum: 1,
      maximum: 64,
      isWhole: true,
      help: 'threads that compute (default: cores - 1, at least 1); changes no bit of the sound',
    },
    'sample-rate': sharedOptions['sample-rate'],
    json: { ...sharedOptions.json, help: 'print the summary as JSON' },
  },
  positionals: { least: 1, most: 1, name: 'PATCH' },
  run: async (values, [patchPath = '']) => {
    if (values.output === undefined) {
      printError('amp-live render: say where to write: -o OUT.wav');
      return exitCodes.usage;
    }
    const { renderToFile } = await import('../session/render.js');
    const sampleRate = values['sample-rate'] ?? defaultSampleRate;
    const interruption = listenForInterruption();
    const bar = new ProgressBar(process.stderr, sampleRate);
    const rendering = await renderToFile({
      patchPath,
      outputPath: values.output,
      midiPath: values.midi,
      seconds: values.seconds,
      block: values.block ?? defaultBlock,
      workers: values.workers ?? Math.max(1, availableParallelism() - 1),
      sampleRate,
      signal: interruption.signal,
      onProgress: (progress) => bar.show(progress),
    }).finally(() => {
      bar.end();
      interruption.end();
    });
    if (!rendering.ok) {
      const exitCode = reportFailure(rendering.failure);
      return rendering.failure.type === 'interrupted' ? (interruption.exitCode() ?? exitCode) : exitCode;
    }
    for (const note of rendering.summary.notes) {
      printError(formatDiagnostic(note));
    }
    print(values.json ? JSON.stringify(summaryData(rendering.summary)) : formatSummary(rendering.summary));
    return exitCodes.done;
  },
});

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
