// Starts a performance, part after part; a part that fails takes those before it away.

import type { MidiFile } from '../control/midi-file.js';
import type { Tail } from '../control/osc/command.js';
import type { LiveStreamer } from '../engine/live-streamer.js';
import { openLiveStreamer } from '../engine/live-streamer.js';
import type { PatchContent } from '../patch/patch-content.js';
import { contentOf } from '../patch/patch-content.js';
import { encodePlan } from '../plan/binary/encode.js';
import { blocksInFlight } from '../plan/blocks-in-flight.js';
import type { ControlThread } from './control/control-thread.js';
import { startControlThread } from './control/control-thread.js';
import { fileOfDevice, OutputDevice } from './device/output-device.js';
import type { Failed } from './failure.js';
import { failed } from './failure.js';
import { NoticeLog } from './notice-log.js';
import { PatchChanges } from './patch/patch-changes.js';
import type { PlanLoading } from './patch-file.js';
import { compileText, loadPlan } from './patch-file.js';
import { Performance } from './performance.js';
import { checkPerformanceFiles } from './performance-files.js';
import { performanceFacts } from './performance-status.js';
import type { RecordingRequest } from './recorder.js';
import { Recorder } from './recorder.js';
import type { ScheduleChoice } from './schedule-choice.js';
import { filesOfChoice } from './schedule-choice.js';
import { loadMidiFile } from './score.js';

export interface PerformanceRequest {
  readonly patchPath: string;
  /** In place of what patches say; a file is for the patch of `patchPath` alone. */
  readonly schedule?: ScheduleChoice | undefined;
  /** A MIDI file to play until the first live note. */
  readonly midiPath?: string | undefined;
  readonly loop: boolean;
  /** Names, or parts of names, of the MIDI inputs to open; without it all but "Midi Through". */
  readonly midiPorts?: readonly string[] | undefined;
  /** `default`, `clock`, `file:PATH`, or a device by its id, its name or a part of its name. */
  readonly device: string;
  /** Frames, 1 to 4096. */
  readonly block: number;
  /** Threads, 1 to 64. */
  readonly workers: number;
  /** Frames a second; nothing: the device's own. */
  readonly sampleRate?: number | undefined;
  /** Ends by itself after so long. */
  readonly seconds?: number | undefined;
  readonly recordPath?: string | undefined;
  readonly journalPath?: string | undefined;
  /** 0: any that is free; `null`: no OSC. */
  readonly oscPort: number | null;
  readonly oscBind: string;
  /** Whether the files of the patch are watched, and taken when they are saved. */
  readonly watches: boolean;
  /** How long a plan rings whose place another patch has taken. */
  readonly tail: Tail;
  /** Ends the start, not the performance; nothing is left behind. */
  readonly signal?: AbortSignal | undefined;
}

export type PerformanceStart = { readonly ok: true; readonly performance: Performance } | Failed;

/** Of a stream that no device gives a rate. */
const usualSampleRate = 48_000;

/** A device that asks for fewer frames at once works only for itself. */
const leastDeviceFrames = 64;

/** What to undo, the last first. */
type Undoing = () => void | Promise<void>;

/**
 * Starts to play. A missing device, MIDI system or OSC port stops nothing: a notice tells of it. Failures:
 * `unreadable_file`, `invalid_patch`, `invalid_midi_file`, `engine`, `unwritable_file`, `interrupted`.
 */
export async function startPerformance(request: PerformanceRequest): Promise<PerformanceStart> {
  const undoings: Undoing[] = [];
  const starting = await startParts(request, undoings);
  if (!starting.ok) {
    for (const undo of undoings.reverse()) {
      await undo();
    }
  }
  return starting;
}

async function startParts(request: PerformanceRequest, undoings: Undoing[]): Promise<PerformanceStart> {
  const { patchPath, schedule, sampleRate, block, workers } = request;
  const notices = new NoticeLog();
  // The patch's mistakes are told before any device is asked; its channels are those of the device.
  const first = await loadPlan(patchPath, { sampleRate: sampleRate ?? usualSampleRate, schedule });
  if (!first.ok) {
    return first;
  }
  const checking = await checkFiles(request);
  if (!checking.ok) {
    return checking;
  }
  const device = await OutputDevice.open(
    {
      device: request.device,
      channels: outputChannels(first.plan),
      sampleRate: sampleRate ?? (fileOfDevice(request.device) === undefined ? undefined : usualSampleRate),
      frames: Math.max(leastDeviceFrames, block),
    },
    (text) => notices.add(text),
    request.signal,
  );
  undoings.push(() => device.close());
  if (request.signal?.aborted) {
    return failed({ type: 'interrupted' });
  }
  const loading = loadAgain(first, patchPath, device.grantedSampleRate);
  if (!loading.ok) {
    return loading;
  }
  const { plan } = loading;
  const bytes = encodePlan(plan);
  const inFlight = blocksInFlight(plan);
  const opening = openLiveStreamer(bytes, { block, workers, inFlight });
  if (!opening.ok) {
    return failed({ type: 'engine', error: opening.error });
  }
  const { streamer } = opening;
  undoings.push(() => streamer.close());
  const frames = request.seconds === undefined ? undefined : Math.round(request.seconds * streamer.sampleRate);
  const recording = await startRecorder(request, streamer, { frames, onNotice: (text) => notices.add(text) });
  if (!recording.ok) {
    return recording;
  }
  undoings.push(() => recording.recorder?.discard());
  const clock = streamer.startClock();
  if (!clock.ok) {
    return failed({ type: 'engine', error: clock.error });
  }
  device.play(streamer);
  const patch = contentOf(loading.patch);
  const control = await startControl(request, streamer, { patch, bytes, midiFile: checking.midi });
  if (!control.ok) {
    return control;
  }
  control.thread.onNotice((text) => notices.add(text));
  const facts = new Map([[streamer.presentPlan(), performanceFacts(patchPath, plan)]]);
  const changes = new PatchChanges({
    streamer,
    control: control.thread,
    path: patchPath,
    schedule,
    watches: request.watches,
    tail: request.tail,
    onPrepared: (number, path, made) => {
      facts.set(number, performanceFacts(path, made));
      if (blocksInFlight(made) > inFlight) {
        const asked = `the schedule of ${path} asks for ${blocksInFlight(made) - 1} blocks of partial latency`;
        notices.add(`${asked}; until the next start it gets the ${inFlight - 1} that this one began with`);
      }
    },
    onNotice: (text) => notices.add(text),
  });
  changes.watch(loading.hash);
  return {
    ok: true,
    performance: new Performance({
      facts,
      streamer,
      device,
      control: control.thread,
      changes,
      recorder: recording.recorder,
      notices,
      frames,
    }),
  };
}

/** What is wrong with files is told before any of them is touched; the file of a device is begun when it opens. */
async function checkFiles(
  request: PerformanceRequest,
): Promise<{ readonly ok: true; readonly midi: MidiFile | undefined } | Failed> {
  const { midiPath, recordPath, journalPath, device } = request;
  const loading = midiPath === undefined ? ({ ok: true, file: undefined } as const) : await loadMidiFile(midiPath);
  if (!loading.ok) {
    return loading;
  }
  const writes = [recordPath, journalPath, fileOfDevice(device)].filter((path) => path !== undefined);
  const checking = await checkPerformanceFiles({ reads: filesRead(request), writes });
  return checking.ok ? { ok: true, midi: loading.file } : checking;
}

function filesRead({ patchPath, midiPath, schedule }: PerformanceRequest): readonly string[] {
  return [patchPath, ...(midiPath === undefined ? [] : [midiPath]), ...filesOfChoice(schedule)];
}

type Loaded = Extract<PlanLoading, { readonly ok: true }>;

/** The same patch at the device's rate. */
function loadAgain(first: Loaded, path: string, sampleRate: number | undefined): PlanLoading {
  const isFitting = sampleRate === undefined || sampleRate === first.plan.stream.sampleRate;
  return isFitting ? first : compileText(first.text, path, { sampleRate, schedule: first.schedule });
}

function outputChannels({ nodes }: Loaded['plan']): number {
  const outputs = nodes.filter(({ type }) => type === 'output');
  return Math.max(1, ...outputs.flatMap((node) => node.outputs.map(({ channels }) => channels)));
}

async function startRecorder(
  request: PerformanceRequest,
  streamer: LiveStreamer,
  ending: Pick<RecordingRequest, 'frames' | 'onNotice'>,
): Promise<{ readonly ok: true; readonly recorder: Recorder | undefined } | Failed> {
  const { recordPath } = request;
  if (recordPath === undefined) {
    return { ok: true, recorder: undefined };
  }
  return Recorder.start(streamer, { path: recordPath, inputs: filesRead(request), ...ending });
}

function startControl(
  request: PerformanceRequest,
  streamer: LiveStreamer,
  {
    patch,
    bytes,
    midiFile,
  }: { readonly patch: PatchContent; readonly bytes: Uint8Array; readonly midiFile: MidiFile | undefined },
): Promise<{ readonly ok: true; readonly thread: ControlThread } | Failed> {
  const { patchPath, journalPath, midiPath, loop, midiPorts, oscPort, oscBind, workers } = request;
  return startControlThread({
    handle: streamer.handle,
    patch: { path: patchPath, content: patch },
    sampleRate: streamer.sampleRate,
    midiPath,
    midiFile,
    loop,
    midiPorts,
    oscPort,
    oscBind,
    journal: journalPath === undefined ? undefined : { path: journalPath, plan: bytes, workers },
  });
}
