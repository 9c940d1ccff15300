// A performance on the clock device, whose patch is saved anew and replaced while it plays.

import { createSocket } from 'node:dgram';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { SentArgument } from '../../src/control/osc/encode.js';
import { encodeMessage } from '../../src/control/osc/encode.js';
import { parsePacket } from '../../src/control/osc/parse-packet.js';
import type { Performance } from '../../src/session/performance.js';
import type { PerformanceRequest } from '../../src/session/start-performance.js';
import { startPerformance } from '../../src/session/start-performance.js';
import type { SessionStatus } from '../../src/session/status.js';
import type { TemporaryFolder } from '../temporary-folder.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import type { WavContent } from './wav-reader.js';
import { readWav } from './wav-reader.js';

export const sampleRate = 48_000;

/** What an OSC command was answered with. */
export interface Answer {
  readonly address: string;
  readonly values: readonly (string | number | bigint)[];
}

export interface Performing {
  readonly folder: TemporaryFolder;
  readonly patchPath: string;
  readonly performance: Performance;
  /** The first status that fits. */
  readonly until: (what: string, fits: (status: SessionStatus) => boolean) => Promise<SessionStatus>;
  /** The same, so many seconds of the stream later. */
  readonly later: (seconds: number) => Promise<SessionStatus>;
  readonly ask: (address: string, ...values: readonly SentArgument[]) => Promise<Answer>;
  /** Ends it, and gives its recording. */
  readonly end: () => Promise<WavContent>;
}

/** Begins to play a patch, which is recorded to `live.wav` and written down in `live.journal`. */
export async function perform(patch: string, change: Partial<PerformanceRequest> = {}): Promise<Performing> {
  const folder = makeTemporaryFolder();
  const patchPath = folder.write('patch.jsonc', patch);
  const starting = await startPerformance({
    patchPath,
    loop: false,
    device: 'clock',
    block: 64,
    workers: 1,
    sampleRate,
    recordPath: folder.at('live.wav'),
    journalPath: folder.at('live.journal'),
    oscPort: 0,
    oscBind: '127.0.0.1',
    watches: true,
    tail: 'last-note',
    ...change,
  });
  if (!starting.ok) {
    throw new Error(JSON.stringify(starting.failure));
  }
  const { performance } = starting;
  onTestFinished(async () => {
    await performance.stop();
  });
  const until = async (what: string, fits: (status: SessionStatus) => boolean) => {
    for (const end = globalThis.performance.now() + 30_000; ; await pause(10)) {
      const status = performance.status();
      if (fits(status)) {
        return status;
      }
      if (globalThis.performance.now() > end) {
        throw new Error(`never: ${what}; ${JSON.stringify({ ...status, nodes: [], edges: [] })}`);
      }
    }
  };
  await until('the first look at the file', ({ osc, frame }) => osc.isOpen && frame > 0);
  return {
    folder,
    patchPath,
    performance,
    until,
    later: (seconds) => {
      const end = performance.status().frame + seconds * sampleRate;
      return until(`${seconds} s later`, ({ frame }) => frame >= end);
    },
    ask: (address, ...values) => ask(performance.status().osc.port, address, values),
    end: async () => {
      await performance.stop();
      return readWav(folder.at('live.wav'));
    },
  };
}

function ask(port: number, address: string, values: readonly SentArgument[]): Promise<Answer> {
  const socket = createSocket('udp4');
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error(`no answer to ${address}`)), 30_000);
    socket.on('message', (bytes) => {
      clearTimeout(patience);
      socket.close();
      const parsing = parsePacket(bytes);
      if (!parsing.ok || parsing.packet.type !== 'message') {
        throw new Error('the answer is no OSC message');
      }
      const { address: answered, arguments: list } = parsing.packet;
      resolve({ address: answered, values: list.flatMap((each) => ('value' in each ? [each.value as string] : [])) });
    });
    socket.bind(0, '127.0.0.1', () => socket.send(encodeMessage({ address, arguments: values }), port, '127.0.0.1'));
  });
}
