// Renders a patch to a file: patch -> plan -> streamer -> WAV.

import type { AmpGraphStreamer } from '../engine/streamer.js';
import { openStreamer } from '../engine/streamer.js';
import type { Diagnostic } from '../patch/diagnostic.js';
import { encodePlan } from '../plan/binary/encode.js';
import type { Failed } from './failure.js';
import { failed } from './failure.js';
import type { Done } from './offline-stream.js';
import { drawFrames } from './offline-stream.js';
import { loadPlan } from './patch-file.js';
import type { Score } from './score.js';
import { loadScore } from './score.js';
import { SignalMeter } from './signal-meter.js';
import { WavFile } from './wav-file.js';

export interface RenderRequest {
  readonly patchPath: string;
  readonly outputPath: string;
  readonly midiPath?: string | undefined;
  /** Length of the file; without it `secondsAfterMidi` beyond the MIDI file, or `secondsWithoutMidi`. */
  readonly seconds?: number | undefined;
  /** Frames, 1 to 4096. */
  readonly block: number;
  /** Threads, 1 to 64. */
  readonly workers: number;
  readonly sampleRate: number;
  /** Ends the rendering soon; nothing is left behind. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RenderProgress) => void) | undefined;
}

export interface RenderProgress {
  readonly framesDone: number;
  readonly frames: number;
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
  /** What the patch says without effect. */
  readonly notes: readonly Diagnostic[];
}

export type Rendering = { readonly ok: true; readonly summary: RenderSummary } | Failed;

/** How long the sound goes on after the end of a MIDI file. */
export const secondsAfterMidi = 2;
/** How long a file is that nothing else gives a length. */
export const secondsWithoutMidi = 10;

/** Renders a patch. The file appears only when it is whole. Failures: every `Failure`. */
export async function renderToFile(request: RenderRequest): Promise<Rendering> {
  const { patchPath, outputPath, midiPath, block, workers, sampleRate } = request;
  const loading = await loadPlan(patchPath, { sampleRate });
  if (!loading.ok) {
    return loading;
  }
  const scoring = midiPath === undefined ? silence : await loadScore(midiPath, { sampleRate });
  if (!scoring.ok) {
    return scoring;
  }
  const opening = openStreamer(encodePlan(loading.plan), { block, workers });
  if (!opening.ok) {
    return failed({ type: 'engine', error: opening.error });
  }
  const { streamer } = opening;
  try {
    const seconds = request.seconds ?? defaultSeconds(scoring.score);
    const frames = Math.max(1, Math.round(seconds * sampleRate));
    const format = { channels: streamer.channels, sampleRate, frames };
    const inputs = midiPath === undefined ? [patchPath] : [patchPath, midiPath];
    const creating = await WavFile.create(outputPath, format, inputs);
    if (!creating.ok) {
      return creating;
    }
    const rendering = await renderInto(creating.file, streamer, scoring.score, frames, request);
    return rendering.ok ? { ok: true, summary: { ...rendering.summary, notes: loading.notes } } : rendering;
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
  score: Score | undefined,
  frames: number,
  request: RenderRequest,
): Promise<Rendering> {
  let isWhole = false;
  try {
    const drawing = await drawInto(file, streamer, score, frames, request);
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
  score: Score | undefined,
  frames: number,
  { outputPath, sampleRate, signal, onProgress }: RenderRequest,
): Promise<Rendering> {
  const meter = new SignalMeter();
  const start = performance.now();
  const timesRealTime = (framesDone: number) => framesDone / sampleRate / ((performance.now() - start) / 1000);
  let framesDone = 0;
  const sink = (samples: Float32Array): Promise<Done> => {
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    meter.add(samples, bytes);
    framesDone += samples.length / streamer.channels;
    onProgress?.({ framesDone, frames, timesRealTime: timesRealTime(framesDone) });
    return file.append(bytes);
  };
  const drawing = await drawFrames({ streamer, events: score?.events ?? [], frames, signal, sink });
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
    notes: [],
  };
  return { ok: true, summary };
}
