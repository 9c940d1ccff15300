// A note that comes by OSC is heard when the screen says that it is.

import { spawnSync } from 'node:child_process';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { makeTemporaryFolder } from '../../temporary-folder.js';
import { startPlaying } from '../playing.js';
import { startJackServer } from './jack-server.js';
import { buildNoteLatency } from './note-latency.js';
import { isLongSuite } from './suite-length.js';

const tries = 100;
const period = 128;

/** Sounds from the first frame of a note, and is free for the next one soon after its last. */
const patch = {
  amp: 1,
  nodes: {
    keys: { type: 'keys', voices: 1 },
    tone: { type: 'square' },
    envelope: { type: 'adsr', attack: 0, decay: 0, sustain: 1, release: '1 ms' },
    key: { type: 'gain', gain: 0 },
    out: { type: 'output' },
  },
  edges: [
    { from: 'keys.freq', to: 'tone.freq' },
    { from: 'tone', to: 'key' },
    { from: 'keys.gate', to: 'envelope.gate' },
    { from: 'envelope', to: 'key.gain' },
    { from: 'key', to: 'out' },
  ],
};

interface Measurement {
  readonly sampleRate: number;
  readonly playbackLatency: number;
  readonly delays: readonly number[];
}

let noteLatency = '';

beforeAll(() => {
  noteLatency = buildNoteLatency();
});

// A machine that is busy with other work only makes notes later, or misjudges a clock: whoever measures again for that
// reason still finds a wrong latency wrong.
const measuredAgain = { retry: isLongSuite ? 0 : 2 };

it(
  'comes within two blocks and the latency of the device, and the latency shown is the one measured',
  measuredAgain,
  async () => {
    const server = await startJackServer(period);
    onTestFinished(server.stop);
    const folder = makeTemporaryFolder();
    const path = folder.write('note.jsonc', JSON.stringify(patch));
    const playing = startPlaying(
      [path, '--device', 'system', '--block', String(period), '--osc-port', '0'],
      server.environment,
    );
    onTestFinished(async () => {
      await playing.end();
    });
    const { osc } = await playing.until(({ device }) => device.kind === 'port_audio');
    const run = spawnSync(noteLatency, [String(osc.port), String(tries)], {
      env: server.environment,
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(run.stderr).toBe('');
    const { delays, playbackLatency, sampleRate }: Measurement = JSON.parse(run.stdout);
    const { latency } = await playing.until(() => true);

    const heard = delays.filter((delay) => delay >= 0).map((delay) => delay + playbackLatency);
    const bound = 2 * period + latency.device * sampleRate;
    const inTime = heard.filter((delay) => delay <= bound);
    // Threads that the system runs late or in bursts make notes late, and some early because the clocks were misjudged; a quarter of
    // them they do not reach.
    const { fewest, typicalShare } = isLongSuite
      ? { fewest: 99, typicalShare: 0.5 }
      : { fewest: 25, typicalShare: 0.25 };
    const typical = heard.toSorted((a, b) => a - b)[Math.floor(typicalShare * heard.length)] ?? Number.NaN;
    expect({ inTime: inTime.length, bound, heard }).toMatchObject({
      inTime: expect.toSatisfy((count) => count >= fewest),
    });
    const shown = latency.total * sampleRate;
    expect({ typical, shown, heard }).toMatchObject({
      typical: expect.toSatisfy((frames) => Math.abs(frames - shown) <= period),
    });
  },
);
