// A performance in lines: of JSON for programs, of words for people.

import type { PerformanceSummary } from '../session/performance.js';
import type { SessionStatus } from '../session/status.js';

/** Of numbers that are not whole; more would only make lines long. */
const significantDigits = 6;

/** One line of JSON. */
export function formatStatusLine(status: SessionStatus): string {
  return jsonLine({ type: 'status', ...status });
}

/** One line of JSON. */
export function formatSummaryLine(summary: PerformanceSummary): string {
  return jsonLine({ type: 'summary', ...summary });
}

function jsonLine(value: object): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' && !Number.isInteger(each) ? Number(each.toPrecision(significantDigits)) : each,
  );
}

/** What was played, recorded and written down, and what went wrong, each on a line. */
export function formatSummary({
  seconds,
  file,
  recording,
  journal,
  xruns,
  lateEvents,
  lostEvents,
  shedVoices,
}: PerformanceSummary) {
  return [
    `${seconds.toFixed(1)} s played${xruns.total === 0 ? ', no xruns' : `, ${formatXruns(xruns)}`}`,
    ...(file === undefined ? [] : [file.error ?? `${file.path}: what was heard`]),
    ...(recording === undefined ? [] : [formatRecording(recording)]),
    ...(journal === undefined ? [] : [`${journal.path}: ${journal.events} events${after(journal.error)}`]),
    ...(lateEvents === 0 ? [] : [`${lateEvents} late ${lateEvents === 1 ? 'event' : 'events'}`]),
    ...(lostEvents === 0 ? [] : [`${lostEvents} lost ${lostEvents === 1 ? 'event' : 'events'}`]),
    ...(shedVoices === 0 ? [] : [`${shedVoices} ${shedVoices === 1 ? 'voice' : 'voices'} shed`]),
  ].join('\n');
}

function formatXruns({ total, ...xruns }: PerformanceSummary['xruns']): string {
  const { nodeLate, threadNotRun, deviceNotRun, anchors, growths } = xruns;
  const causes = [
    [nodeLate, 'a node was late'],
    [threadNotRun, 'a thread was not run'],
    [deviceNotRun, 'the device was not run'],
    [anchors, 'the clock was set back'],
    [growths, 'a wheel became longer too late'],
  ] as const;
  const told = causes.filter(([count]) => count > 0).map(([count, cause]) => `${count} because ${cause}`);
  return `${total} ${total === 1 ? 'xrun' : 'xruns'} (${told.join(', ')})`;
}

function formatRecording({ path, seconds, peak, sha256, error }: NonNullable<PerformanceSummary['recording']>): string {
  const level = peak === 0 ? 'silent' : `peak ${(20 * Math.log10(peak)).toFixed(1)} dBFS`;
  return `${path}: ${Number(seconds.toFixed(3))} s, ${level}, SHA-256 ${sha256}${after(error)}`;
}

function after(error: string | undefined): string {
  return error === undefined ? '' : `; ${error}`;
}
