// A control desk over a real stream that the clock device paces, and what the engine applied of all that was played.

import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { MidiFile } from '../../src/control/midi-file.js';
import type { AppliedEvent, LiveStreamer } from '../../src/engine/live-streamer.js';
import { openLiveStreamer } from '../../src/engine/live-streamer.js';
import type { Patch } from '../../src/patch/patch.js';
import { encodePlan } from '../../src/plan/binary/encode.js';
import { compilePlan } from '../../src/plan/compile.js';
import { ControlDesk } from '../../src/session/control/control-desk.js';
import { patchOf, patchText } from '../patch/reading.js';

export const sampleRate = 48_000;

/** Keys on channel 3, a tone that they play, and one of everything that can be moved. */
export const deskPatch = patchText(
  {
    keys: { type: 'keys', voices: 8, channel: 3 },
    tone: { type: 'sine' },
    level: { type: 'gain', gain: 0 },
    low: { type: 'one_pole', cutoff: 900 },
  },
  {
    edges: [
      { from: 'keys.freq', to: 'tone.freq' },
      { from: 'tone', to: 'level' },
      { from: 'keys.gate', to: 'level.gain', depth: 0.1 },
      { from: 'level', to: 'low' },
      { id: 'wet', from: 'low', to: 'out' },
    ],
    controls: [
      { from: 'midi:cc/74', to: 'low.cutoff', range: [100, 1100], curve: 'linear', slew: 'ideal' },
      { from: 'midi:note/36', to: 'wet.gain', slew: 'ideal' },
      { from: 'osc:/x', to: 'wet.gain', slew: 'ideal' },
      { from: 'key:g', to: 'wet.gain', slew: 'ideal' },
    ],
    gates: {
      drop: { members: ['wet'], controls: ['key:d', 'osc:/drop', 'osc:/gate/drop', 'midi:note/38'], quantize: '1 bar' },
    },
  },
);

export function planOfPatch(patch: Patch): Uint8Array {
  const compiling = compilePlan(patch, { sampleRate });
  if (!compiling.ok) {
    throw new Error('the patch does not compile');
  }
  return encodePlan(compiling.plan);
}

/** A playing stream that is closed when the test has finished. */
export function playPatch(patch: Patch): LiveStreamer {
  const opening = openLiveStreamer(planOfPatch(patch), { block: 64, workers: 1 });
  if (!opening.ok) {
    throw new Error(opening.error.message);
  }
  const { streamer } = opening;
  onTestFinished(() => streamer.close());
  const starting = streamer.startClock();
  if (!starting.ok) {
    throw new Error(starting.error.message);
  }
  return streamer;
}

export interface DeskInTest {
  readonly desk: ControlDesk;
  readonly now: () => bigint;
  /** What the engine has applied since the last question, once it is so many events. */
  readonly applied: (events: number) => Promise<readonly AppliedEvent['event'][]>;
}

export interface DeskOptions {
  readonly file?: MidiFile;
  readonly loop?: boolean;
  /** Frames by which the clock of the stream is measured wrong, each time that it is asked. */
  readonly clockError?: () => number;
}

export function makeDesk(options: DeskOptions = {}): DeskInTest {
  const patch = patchOf(deskPatch);
  const streamer = playPatch(patch);
  const desk = new ControlDesk({
    patch,
    plan: streamer.presentPlan(),
    sampleRate,
    changePatch: () => ({ ok: false, message: 'one patch is enough here' }),
    streamer: {
      post: (event) => streamer.post(event),
      eventFrame: (arrival) => streamer.eventFrame(arrival) + (options.clockError?.() ?? 0),
    },
    file: options.file,
    loop: options.loop ?? false,
  });
  const applied = async (count: number) => {
    const events: AppliedEvent['event'][] = [];
    for (const end = performance.now() + 10_000; events.length < count; await pause(2)) {
      if (performance.now() > end) {
        throw new Error(`only ${JSON.stringify(events)}`);
      }
      events.push(...streamer.appliedEvents().map(({ event }) => event));
    }
    return events;
  };
  return { desk, applied, now: () => process.hrtime.bigint() };
}

/** Events without their frames. */
export function gestures(events: readonly AppliedEvent['event'][]): readonly object[] {
  return events.map(({ frame: _, ...gesture }) => gesture);
}
