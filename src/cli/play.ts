// amp-live play: a patch on a device, moved by MIDI, OSC and keys.

import { isIP } from 'node:net';
import type { Tail } from '../control/osc/command.js';
import { longestTail } from '../control/osc/command.js';
import type { Performance, PerformanceSummary } from '../session/performance.js';
import { defaultBlock, defaultWorkers, defineCommand, sharedOptions } from './command.js';
import { exitCodes } from './exit-code.js';
import { exitSoon } from './exit-soon.js';
import { watchForFaults } from './faults.js';
import { listenForInterruption } from './interruption.js';
import { outliveTerminal } from './lost-terminal.js';
import { formatStatusLine, formatSummary, formatSummaryLine } from './performance-lines.js';
import { print, printError } from './print.js';
import { reportFailure } from './report-failure.js';
import { readScheduleOptions, scheduleOptions } from './schedule-options.js';

const defaultOscPort = 9000;
const largestPort = 65_535;
const loopback = '127.0.0.1';
const statusInterval = 1000;

export const playCommand = defineCommand({
  name: 'play',
  summary: 'play a patch from MIDI, OSC and the keys of the computer',
  usage: 'PATCH [OPTIONS]',
  details: [
    'On a terminal a screen shows what happens; ? tells its keys. Elsewhere, or with --headless, a line of JSON tells it',
    'each second. What is missing (a sound card, a MIDI system) is said, and the rest works. Ctrl-C ends it.',
  ],
  options: {
    midi: { type: 'text', value: 'FILE.mid', help: 'a MIDI file to play until the first live note' },
    loop: { type: 'flag', help: 'begin the MIDI file anew at its end' },
    'midi-in': {
      type: 'text',
      value: 'NAMES',
      help: 'MIDI inputs to open, by parts of their names with commas between (default: all but "Midi Through")',
    },
    device: {
      type: 'text',
      value: 'NAME',
      help: 'a device by its id, its name or a part of it; "default", "clock" or "file:OUT.wav" (default: default)',
    },
    block: sharedOptions.block,
    'sample-rate': {
      ...sharedOptions['sample-rate'],
      help: "frames in a second (default: the device's own, else 48000)",
    },
    workers: sharedOptions.workers,
    ...scheduleOptions,
    record: { type: 'text', value: 'OUT.wav', help: 'record every frame, also those that no device played' },
    journal: { type: 'text', value: 'FILE', help: 'write down what is played; `render --journal` gives the same bits' },
    'osc-port': { type: 'text', value: 'PORT', help: 'UDP port for OSC, 0 for any free one, or "off" (default 9000)' },
    'osc-bind': {
      type: 'text',
      value: 'ADDRESS',
      help: 'listen for OSC at this address (default 127.0.0.1: programs of this machine only)',
    },
    tail: {
      type: 'text',
      value: 'last-note|SECONDS',
      help: 'how long a patch rings when another one takes its place (default: last-note, 30 s at most)',
    },
    'no-reload': { type: 'flag', help: 'do not take the patch anew when its file, or that of --ipls, is saved' },
    headless: { type: 'flag', help: 'no screen: a line of JSON each second' },
    seconds: {
      ...sharedOptions.seconds,
      help: 'end by itself after so long',
    },
  },
  positionals: { least: 1, most: 1, name: 'PATCH' },
  run: async (values, [patchPath = '']) => {
    const oscPort = readOscPort(values['osc-port']);
    const tail = readTail(values.tail);
    const choosing = readScheduleOptions(values);
    const mistake =
      typeof oscPort === 'string' ? oscPort : (findMistake(values) ?? (choosing.ok ? undefined : choosing.mistake));
    if (mistake !== undefined || typeof oscPort === 'string' || tail === undefined || !choosing.ok) {
      printError(`amp-live play: ${mistake}`);
      return exitCodes.usage;
    }
    outliveTerminal();
    const interruption = listenForInterruption(['SIGINT', 'SIGTERM']);
    const { startPerformance } = await import('../session/start-performance.js');
    const starting = await startPerformance({
      patchPath,
      schedule: choosing.choice,
      midiPath: values.midi,
      loop: values.loop,
      midiPorts: readNames(values['midi-in']),
      device: values.device ?? 'default',
      block: values.block ?? defaultBlock,
      workers: values.workers ?? defaultWorkers(),
      sampleRate: values['sample-rate'],
      seconds: values.seconds,
      recordPath: values.record,
      journalPath: values.journal,
      oscPort,
      oscBind: values['osc-bind'] ?? loopback,
      watches: !values['no-reload'],
      tail,
      signal: interruption.signal,
    });
    if (!starting.ok) {
      interruption.end();
      const exitCode = reportFailure(starting.failure);
      return exitSoon(starting.failure.type === 'interrupted' ? (interruption.exitCode() ?? exitCode) : exitCode);
    }
    const { performance } = starting;
    const end = new AbortController();
    const faults = watchForFaults(() => end.abort());
    void performance.ended.then(() => end.abort());
    const signal = AbortSignal.any([end.signal, interruption.signal]);
    const isHeadless = await perform(performance, { requestStop: () => end.abort(), signal }, values.headless);
    const summary = await performance.stop();
    interruption.end();
    print(isHeadless ? formatSummaryLine(summary) : formatSummary(summary));
    return exitSoon(faults.hasFault() || !isWhole(summary) ? exitCodes.failure : exitCodes.done);
  },
});

interface PlayWords {
  readonly midi: string | undefined;
  readonly loop: boolean;
  readonly 'osc-bind': string | undefined;
  readonly tail: string | undefined;
}

/** What no option may say, and what they may not say together. */
function findMistake({ midi, loop, 'osc-bind': oscBind = loopback, tail }: PlayWords): string | undefined {
  if (readTail(tail) === undefined) {
    return `--tail: found "${tail}"; "last-note" or seconds from 0 to ${longestTail} fit`;
  }
  if (loop && midi === undefined) {
    return '--loop is for a MIDI file: --midi FILE.mid --loop';
  }
  if (oscBind !== 'localhost' && isIP(oscBind) === 0) {
    return `--osc-bind: found "${oscBind}"; an address such as ${loopback}, ::1 or 0.0.0.0 fits`;
  }
  return undefined;
}

/** Nothing for what is no tail. */
function readTail(text = 'last-note'): Tail | undefined {
  if (text === 'last-note') {
    return text;
  }
  const seconds = /^\d+(\.\d*)?$/.test(text) ? Number(text) : Number.NaN;
  return seconds <= longestTail ? seconds : undefined;
}

/** Names with commas between; nothing where there is none. */
function readNames(text: string | undefined): readonly string[] | undefined {
  const names = (text ?? '').split(',').flatMap((name) => name.trim() || []);
  return names.length === 0 ? undefined : names;
}

/** The port; `null` for none; a sentence where the text is neither. */
function readOscPort(text: string | undefined): number | null | string {
  if (text === undefined) {
    return defaultOscPort;
  }
  if (text === 'off') {
    return null;
  }
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= largestPort
    ? port
    : `--osc-port: found "${text}"; a whole number from 0 to ${largestPort} or "off" fits`;
}

interface Ending {
  readonly requestStop: () => void;
  readonly signal: AbortSignal;
}

/** Shows the performance until it is to end. Answers whether that was in lines of JSON at last. */
async function perform(performance: Performance, { requestStop, signal }: Ending, isHeadless: boolean) {
  const { canShowScreen, runScreen } = await import('../../tui/screen.js');
  if (!isHeadless && canShowScreen()) {
    const face = {
      status: () => performance.status(),
      key: (name: string) => performance.key(name),
      panic: () => performance.panic(),
      requestStop,
    };
    try {
      await runScreen(face, { signal });
    } catch (fault) {
      printError(`amp-live: the screen failed, the sound goes on:\n${fault instanceof Error ? fault.stack : fault}`);
    }
    if (signal.aborted) {
      return false;
    }
  }
  performance.onNotice((text) => printError(`amp-live: ${text}`));
  await tellStatus(performance, signal);
  return true;
}

function tellStatus(performance: Performance, signal: AbortSignal): Promise<void> {
  return new Promise((resolveEnd) => {
    const tell = () => print(formatStatusLine(performance.status()));
    const timer = setInterval(tell, statusInterval);
    const end = () => {
      clearInterval(timer);
      resolveEnd();
    };
    tell();
    if (signal.aborted) {
      end();
    } else {
      signal.addEventListener('abort', end);
    }
  });
}

function isWhole({ file, recording, journal }: PerformanceSummary): boolean {
  return [file, recording, journal].every((written) => written?.error === undefined);
}
