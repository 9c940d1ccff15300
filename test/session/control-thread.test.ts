// The control thread as it runs: a thread of what was compiled, a real socket, a real journal, a playing engine.

import { createSocket } from 'node:dgram';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { encodeMessage } from '../../src/control/osc/encode.js';
import { parsePacket } from '../../src/control/osc/parse-packet.js';
import type { LiveStreamer } from '../../src/engine/live-streamer.js';
import { openStreamer } from '../../src/engine/streamer.js';
import { contentOf } from '../../src/patch/patch-content.js';
import type { ControlThread, ControlThreadOptions } from '../../src/session/control/control-thread.js';
import { startControlThread } from '../../src/session/control/control-thread.js';
import { readJournal } from '../../src/session/journal-file.js';
import { patchOf } from '../patch/reading.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { deskPatch, planOfPatch, playPatch, sampleRate } from './desk.js';

const patch = patchOf(deskPatch);
const plan = planOfPatch(patch);
const content = contentOf(patch);

/** What is needed of the machine: no fixed port. */
function optionsFor(streamer: LiveStreamer, path: string): ControlThreadOptions {
  return {
    handle: streamer.handle,
    patch: { path, content },
    sampleRate,
    loop: false,
    oscPort: 0,
    oscBind: '127.0.0.1',
  };
}

async function startIn(change: Partial<ControlThreadOptions> = {}) {
  const folder = makeTemporaryFolder();
  const streamer = playPatch(patch);
  const journal = { path: folder.at('a.journal'), plan, workers: 1 };
  const options = { ...optionsFor(streamer, folder.write('patch.jsonc', deskPatch)), journal, ...change };
  const starting = await startControlThread(options);
  if (!starting.ok) {
    throw new Error(JSON.stringify(starting.failure));
  }
  const { thread } = starting;
  onTestFinished(async () => {
    await thread.stop(0);
  });
  return { folder, streamer, thread, journalPath: journal.path };
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (const end = performance.now() + 10_000; !isSo(); await pause(5)) {
    if (performance.now() > end) {
      throw new Error(`never: ${what}`);
    }
  }
}

/** Sends a message to the thread's port and gives the answer. */
function ask(thread: ControlThread, address: string, value: number): Promise<unknown> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.on('message', (bytes) => {
      socket.close();
      resolve(parsePacket(bytes));
    });
    const bytes = encodeMessage({ address, arguments: [{ type: 'f', value }] });
    socket.bind(0, '127.0.0.1', () => socket.send(bytes, thread.status().osc.port, '127.0.0.1'));
  });
}

test('what was played comes back from the journal to the bit, at another block size', async () => {
  const { streamer, thread, journalPath } = await startIn();
  thread.key('q');
  thread.key('t');
  await ask(thread, '/low/cutoff', 700);
  await ask(thread, '/x', 0.25);
  thread.key('g');
  thread.panic();
  const { made } = streamer.status();
  await until('a quarter of a second more', () => streamer.status().made > made + 12_000);
  const end = streamer.status().made;
  await thread.stop(end - streamer.latency);
  const live = new Float32Array(end * streamer.channels);
  const reading = streamer.readOutput(0, live);
  expect(reading.ok && reading.frames).toBe(end);

  const journal = await readJournal(journalPath);
  if (!journal.ok) {
    throw new Error(JSON.stringify(journal.failure));
  }
  const opening = openStreamer(journal.journal.segments[0].plan.bytes, { block: 100, workers: 2 });
  if (!opening.ok) {
    throw new Error(opening.error.message);
  }
  for (const { event } of journal.journal.segments[0].events) {
    expect(opening.streamer.post(event)).toMatchObject({ ok: true });
  }
  const again = new Float32Array(live.length);
  expect(await opening.streamer.take(again)).toEqual({ ok: true });
  opening.streamer.close();
  expect(live.some((sample) => sample !== 0)).toBe(true);
  expect(Buffer.from(again.buffer).equals(Buffer.from(live.buffer))).toBe(true);
});

test('an OSC command is answered with the frame at which it took effect, which the journal has as well', async () => {
  const { thread, journalPath } = await startIn();
  const answer = await ask(thread, '/x', 0.5);
  await thread.stop(1_000_000);
  const journal = await readJournal(journalPath);
  const frame = journal.ok ? journal.journal.segments[0].events[0]?.event.frame : undefined;
  expect(JSON.stringify(answer, (_, value) => (typeof value === 'bigint' ? Number(value) : value))).toContain(
    `${frame}`,
  );
});

test('the status says what is held, and in words what is missing', async () => {
  const { thread } = await startIn({ oscPort: null });
  thread.key('q');
  await until('a held note', () => thread.status().notes.held === 1);
  expect(thread.status().osc).toMatchObject({ isOpen: false, reason: 'OSC is switched off' });
});

test('an OSC port that is taken is told, and the rest plays', async () => {
  const other = createSocket('udp4');
  onTestFinished(() => void other.close());
  await new Promise<void>((resolve) => other.bind(0, '127.0.0.1', resolve));
  const { port } = other.address();
  const notices: string[] = [];
  const { thread } = await startIn({ oscPort: port });
  thread.onNotice((text) => notices.push(text));
  expect(thread.status().osc.isOpen).toBe(false);
  expect(notices).toContainEqual(expect.stringMatching(new RegExp(`^OSC: .*${port}`)));
});

test('a MIDI file is played, and stopped by a key', async () => {
  const { thread } = await startIn({ midiPath: 'patches/glass_pad.mid', loop: true });
  expect(thread.status().player).toMatchObject({ state: 'playing', isLooping: true });
  thread.key('q');
  await until('the player stops', () => thread.status().player?.state === 'stopped');
});

test.each([
  ['a MIDI file that is none', { midiPath: 'package.json' }, 'invalid_midi_file'],
  ['a MIDI file that is not there', { midiPath: 'none.mid' }, 'unreadable_file'],
  ['a journal that cannot be written', { journal: { path: '/none/a', plan, workers: 1 } }, 'unwritable_file'],
  ['a streamer that is closed', { handle: 0xffff }, 'engine'],
] as const)('%s keeps the thread from starting', async (_, change, type) => {
  const streamer = playPatch(patch);
  const path = makeTemporaryFolder().write('patch.jsonc', deskPatch);
  const starting = await startControlThread({ ...optionsFor(streamer, path), ...change });
  expect(starting).toMatchObject({ ok: false, failure: { type } });
});

test('a thread that has ended is silent', async () => {
  const { thread } = await startIn();
  await thread.stop(5);
  thread.key('q');
  thread.panic();
  expect(await thread.stop(6)).toMatchObject({ journal: { events: 0 } });
});
