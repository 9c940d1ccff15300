// Renders to a file: patch or journal -> plan and events -> streamer -> WAV.

import type { Journal, JournalHandOver, JournalSegment } from '../control/journal.js';
import { engineVersion } from '../engine/describe.js';
import type { HandOverSettings } from '../engine/hand-over.js';
import type { AmpGraphStreamer } from '../engine/streamer.js';
import { openStreamer } from '../engine/streamer.js';
import { decodePlan } from '../plan/binary/decode.js';
import { encodePlan } from '../plan/binary/encode.js';
import type { Failed } from './failure.js';
import { failed } from './failure.js';
import { readJournal } from './journal-file.js';
import type { Done } from './offline-stream.js';
import { drawFrames } from './offline-stream.js';
import { loadPlan } from './patch-file.js';
import type { ScheduleChoice } from './schedule-choice.js';
import { filesOfChoice } from './schedule-choice.js';
import type { Score } from './score.js';
import { loadScore } from './score.js';
import type { StreamSegment } from './segment-feed.js';
import { SignalMeter } from './signal-meter.js';
import { WavFile } from './wav-file.js';

/** How to render, whatever it is. */
export interface RenderSettings {
  readonly outputPath: string;
  /** Frames, 1 to 4096. */
  readonly block: number;
  /** Threads, 1 to 64. */
  readonly workers: number;
  /** Ends the rendering soon; nothing is left behind. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RenderProgress) => void) | undefined;
}

export interface RenderRequest extends RenderSettings {
  readonly patchPath: string;
  readonly midiPath?: string | undefined;
  /** Length of the file; without it `secondsAfterMidi` beyond the MIDI file, or `secondsWithoutMidi`. */
  readonly seconds?: number | undefined;
  readonly sampleRate: number;
  /** In place of what the patch says. */
  readonly schedule?: ScheduleChoice | undefined;
}

export interface JournalRenderRequest extends RenderSettings {
  readonly journalPath: string;
  /** Length of the file; without it that of the performance. */
  readonly seconds?: number | undefined;
}

export interface RenderProgress {
  readonly framesDone: number;
  readonly frames: number;
  readonly sampleRate: number;
  /** How much faster than the sound lasts. */
  readonly timesRealTime: number;
}

export interface RenderSummary {
  readonly outputPath: string;
  readonly frames: number;
  readonly seconds: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly timesRealTime: number;
  /** The largest magnitude; full scale is 1. */
  readonly peak: number;
  /** Of the samples as they stand in the file, without its header. */
  readonly sha256: string;
  /** Events that came too late for their frame. */
  readonly lateEvents: number;
  /** What may make a difference between a performance and its rendering. */
  readonly warnings: readonly string[];
}

export type Rendering = { readonly ok: true; readonly summary: RenderSummary } | Failed;

/** How long the sound goes on after the end of a MIDI file. */
export const secondsAfterMidi = 2;
/** How long a file is that nothing else gives a length. */
export const secondsWithoutMidi = 10;

/** Renders a patch. The file appears only when it is whole. Failures: every `Failure` but `invalid_journal`. */
export async function renderToFile(request: RenderRequest): Promise<Rendering> {
  const { patchPath, midiPath, sampleRate, schedule } = request;
  const loading = await loadPlan(patchPath, { sampleRate, schedule });
  if (!loading.ok) {
    return loading;
  }
  const scoring = midiPath === undefined ? silence : await loadScore(midiPath, { sampleRate });
  if (!scoring.ok) {
    return scoring;
  }
  const seconds = request.seconds ?? defaultSeconds(scoring.score);
  return renderMaterial(
    {
      plan: encodePlan(loading.plan),
      segments: [{ events: scoring.score?.events ?? [] }],
      frames: Math.max(1, Math.round(seconds * sampleRate)),
      sampleRate,
      inputs: [patchPath, ...(midiPath === undefined ? [] : [midiPath]), ...filesOfChoice(schedule)],
    },
    request,
  );
}

/**
 * Renders a performance again, bit for bit. The file appears only when it is whole. Failures: every `Failure` but those
 * of patches and MIDI files.
 */
export async function renderJournalToFile(request: JournalRenderRequest): Promise<Rendering> {
  const reading = await readJournal(request.journalPath);
  if (!reading.ok) {
    return reading;
  }
  const mistake = mistakeOfPlans(reading.journal);
  if (mistake !== undefined) {
    return failed({ type: 'invalid_journal', path: request.journalPath, ...mistake });
  }
  const { header, segments, frames, isWhole } = reading.journal;
  const { sampleRate } = header;
  const wanted = request.seconds === undefined ? frames : Math.round(request.seconds * sampleRate);
  const rendering = await renderMaterial(
    {
      plan: segments[0].plan.bytes,
      segments: segments.map(segmentOf),
      frames: Math.max(1, wanted),
      sampleRate,
      inputs: [request.journalPath],
    },
    request,
  );
  const warnings = [
    ...(isWhole ? [] : ['the journal broke off; this is what it holds']),
    ...warnOfOtherEngine(header.engine),
  ];
  return rendering.ok ? { ok: true, summary: { ...rendering.summary, warnings } } : rendering;
}

function segmentOf({ plan, handOver, events }: JournalSegment): StreamSegment {
  return {
    ...(handOver === undefined
      ? {}
      : { handOver: { frame: handOver.frame, plan: plan.bytes, settings: settingsOf(handOver) } }),
    events: events.map(({ event }) => event),
  };
}

function settingsOf({ kind, crossfade, ring }: JournalHandOver): HandOverSettings {
  return { kind, crossfadeSeconds: crossfade, ringSeconds: ring };
}

/** Whether the plans can be played as the header says; such a journal was edited, or put together. */
function mistakeOfPlans({
  header,
  segments,
}: Journal): { readonly line: number; readonly message: string } | undefined {
  for (const { plan, planLine } of segments) {
    const decoding = decodePlan(plan.bytes);
    if (!decoding.ok) {
      return { line: planLine, message: `its plan, at byte ${decoding.error.offset}: ${decoding.error.message}` };
    }
    const { sampleRate } = decoding.plan.stream;
    if (header.sampleRate !== sampleRate) {
      return { line: 1, message: `"sampleRate" is ${header.sampleRate}, but its plan runs at ${sampleRate}` };
    }
  }
  return undefined;
}

function warnOfOtherEngine(engine: string): readonly string[] {
  const present = engineVersion();
  return !present.ok || present.engine.version === engine
    ? []
    : [`the journal is of engine ${engine}; this one, ${present.engine.version}, may give other bits`];
}

/** What a streamer needs to know. */
interface Material {
  readonly plan: Uint8Array;
  readonly segments: readonly StreamSegment[];
  /** Length of the file. */
  readonly frames: number;
  readonly sampleRate: number;
  /** Files that must not be replaced. */
  readonly inputs: readonly string[];
}

async function renderMaterial(material: Material, settings: RenderSettings): Promise<Rendering> {
  const { plan, frames, sampleRate, inputs } = material;
  const { block, workers, outputPath } = settings;
  const opening = openStreamer(plan, { block, workers });
  if (!opening.ok) {
    return failed({ type: 'engine', error: opening.error });
  }
  const { streamer } = opening;
  try {
    const format = { channels: streamer.channels, sampleRate, frames };
    const creating = await WavFile.create(outputPath, format, inputs);
    return creating.ok ? await renderInto(creating.file, streamer, material, settings) : creating;
  } finally {
    streamer.close();
  }
}

const silence = { ok: true, score: undefined } as const;

function defaultSeconds(score: Score | undefined): number {
  return score === undefined ? secondsWithoutMidi : score.seconds + secondsAfterMidi;
}

async function renderInto(
  file: WavFile,
  streamer: AmpGraphStreamer,
  material: Material,
  settings: RenderSettings,
): Promise<Rendering> {
  let isWhole = false;
  try {
    const drawing = await drawInto(file, streamer, material, settings);
    const committing = drawing.ok ? await file.commit() : drawing;
    isWhole = committing.ok;
    return committing.ok ? drawing : committing;
  } finally {
    if (!isWhole) {
      await file.discard();
    }
  }
}

async function drawInto(
  file: WavFile,
  streamer: AmpGraphStreamer,
  { segments, frames, sampleRate }: Material,
  { outputPath, block, signal, onProgress }: RenderSettings,
): Promise<Rendering> {
  const meter = new SignalMeter();
  const start = performance.now();
  const timesRealTime = (framesDone: number) => framesDone / sampleRate / ((performance.now() - start) / 1000);
  let framesDone = 0;
  const sink = (samples: Float32Array): Promise<Done> => {
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    meter.add(samples, bytes);
    framesDone += samples.length / streamer.channels;
    onProgress?.({ framesDone, frames, sampleRate, timesRealTime: timesRealTime(framesDone) });
    return file.append(bytes);
  };
  const drawing = await drawFrames({ streamer, block, segments, frames, signal, sink });
  if (!drawing.ok) {
    return drawing;
  }
  const summary: RenderSummary = {
    outputPath,
    frames,
    seconds: frames / sampleRate,
    channels: streamer.channels,
    sampleRate,
    timesRealTime: timesRealTime(frames),
    peak: meter.peak,
    sha256: meter.sha256(),
    lateEvents: streamer.eventCounts()?.late ?? 0,
    warnings: [],
  };
  return { ok: true, summary };
}
