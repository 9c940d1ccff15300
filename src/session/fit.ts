// Fits a patch to a recording: patch, notes and target -> gradients of the plan -> a patch with other values.

import { existsSync } from 'node:fs';
import { freemem } from 'node:os';
import type { StreamEvent } from '../engine/event.js';
import { openGradient } from '../engine/gradient.js';
import type { SpectralLoss } from '../engine/spectral-loss.js';
import { openSpectralLoss } from '../engine/spectral-loss.js';
import { coordinateOf } from '../fit/coordinate.js';
import type { FitParameter } from '../fit/parameters.js';
import { derivativesBy, findParameters, literalFor, placedValues, planWith } from '../fit/parameters.js';
import type { Found, Judging, SearchProgress } from '../fit/search.js';
import { search } from '../fit/search.js';
import type { Literal } from '../patch/patch.js';
import type { Timing } from '../patch/units.js';
import { writeValues } from '../patch/write-values.js';
import { encodePlan } from '../plan/binary/encode.js';
import type { Plan } from '../plan/plan.js';
import type { Failed, Failure } from './failure.js';
import { failed } from './failure.js';
import { loadPlan } from './patch-file.js';
import { ReplacementFile } from './replacement-file.js';
import type { Score } from './score.js';
import { loadScore } from './score.js';
import type { WavSound } from './wav-sound.js';
import { readWavSound } from './wav-sound.js';

export type FitProgress = SearchProgress;

export interface FitRequest {
  readonly patchPath: string;
  readonly targetPath: string;
  /** As controls name them: `low.cutoff`, `wet.gain`. */
  readonly parameters: readonly string[];
  readonly midiPath?: string | undefined;
  readonly outputPath: string;
  /** Whether a file of that name may go. */
  readonly replaces: boolean;
  readonly sampleRate: number;
  /** Of the target, from its first frame on; all of it without this. */
  readonly seconds?: number | undefined;
  readonly block: number;
  readonly workers: number;
  /** Points of the grid of starts, at most. */
  readonly starts: number;
  readonly steps: number;
  /** Ends the search soon; the best so far is written. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, before the memory is taken. */
  readonly onMemory?: ((need: MemoryNeed) => void) | undefined;
  readonly onProgress?: ((progress: FitProgress) => void) | undefined;
}

/** What a recording takes. */
export interface MemoryNeed {
  readonly frames: number;
  readonly sampleRate: number;
  readonly bytes: number;
}

/** One number, as the old patch has it and the new one. */
export interface FittedParameter {
  readonly name: string;
  readonly before: Literal;
  readonly after: Literal;
  /** Nothing that was heard depended on it. */
  readonly isIdle: boolean;
}

export interface FitSummary {
  readonly outputPath: string;
  readonly parameters: readonly FittedParameter[];
  readonly distanceBefore: number;
  readonly distance: number;
  readonly starts: number;
  readonly steps: number;
  readonly seconds: number;
  readonly isInterrupted: boolean;
}

export type Fitting = { readonly ok: true; readonly summary: FitSummary } | Failed;

/** The longest window that spectra are compared over, in frames: a shorter target says too little. */
const leastFrames = 2048;

/**
 * Fits the parameters and writes the patch anew, beside the old one. Failures: `unreadable_file`, `unwritable_file`, `invalid_patch`,
 * `invalid_midi_file`, `unfit_target`, `unfit_parameters`, `not_enough_memory`, `engine` (`unsupported` with the node that has no gradient).
 */
export async function fitToFile(request: FitRequest): Promise<Fitting> {
  const begin = performance.now();
  const loading = await loadMaterial(request);
  if (!loading.ok) {
    return loading;
  }
  const { material } = loading;
  const creating = await createOutput(request);
  if (!creating.ok) {
    return creating;
  }
  const { file } = creating;
  let isWhole = false;
  try {
    const searching = await searchFor(material, request);
    if (!searching.ok) {
      return searching;
    }
    const { values, idle, ...found } = searching.found;
    const parameters = fittedParameters(material, values, idle);
    const literals = parameters.map(({ after }) => after);
    const text = writeValues(material.text, placedValues(material.parameters, literals));
    const writing = await file.append(new TextEncoder().encode(text));
    const committing = writing.ok ? await file.commit() : writing;
    if (!committing.ok) {
      return committing;
    }
    isWhole = true;
    const seconds = (performance.now() - begin) / 1000;
    const { outputPath } = request;
    return { ok: true, summary: { ...found, outputPath, parameters, seconds } };
  } finally {
    if (!isWhole) {
      await file.discard();
    }
  }
}

/** All that a fit goes by. */
interface Material {
  readonly plan: Plan;
  readonly text: string;
  readonly timing: Timing;
  readonly parameters: readonly FitParameter[];
  readonly events: readonly StreamEvent[];
  readonly target: WavSound;
}

async function loadMaterial(request: FitRequest): Promise<{ readonly ok: true; readonly material: Material } | Failed> {
  const { patchPath, targetPath, midiPath, sampleRate, seconds } = request;
  const loading = await loadPlan(patchPath, { sampleRate });
  if (!loading.ok) {
    return loading;
  }
  const { patch, plan, text } = loading;
  const finding = findParameters(patch, plan, request.parameters);
  if (!finding.ok) {
    return failed({ type: 'unfit_parameters', messages: finding.messages });
  }
  const scoring = midiPath === undefined ? silence : await loadScore(midiPath, { sampleRate });
  if (!scoring.ok) {
    return scoring;
  }
  const { events } = scoring.score;
  const moved = movedParameters(finding.parameters, events);
  if (moved.length > 0) {
    return failed({ type: 'unfit_parameters', messages: moved });
  }
  const reading = await readWavSound(targetPath, seconds === undefined ? undefined : Math.round(seconds * sampleRate));
  if (!reading.ok) {
    return reading;
  }
  const message = explainTarget(reading.sound, sampleRate);
  if (message !== undefined) {
    return failed({ type: 'unfit_target', path: targetPath, message });
  }
  const timing: Timing = { rate: sampleRate, tempo: patch.tempo, meter: patch.meter };
  const { parameters } = finding;
  return { ok: true, material: { plan, text, timing, parameters, events, target: reading.sound } };
}

const silence: { readonly ok: true; readonly score: Pick<Score, 'events'> } = { ok: true, score: { events: [] } };

/** A sentence for each parameter that events move: then the patch's own value is not what is heard. */
function movedParameters(parameters: readonly FitParameter[], events: readonly StreamEvent[]): readonly string[] {
  const moves = ({ plan: place }: FitParameter) =>
    events.find((event) =>
      place.type === 'edge'
        ? event.type === 'set_edge_gain' && event.edge === place.edge
        : event.type === 'set_parameter' && event.node === place.node && event.parameter === place.parameter,
    );
  return parameters.flatMap((parameter) => {
    const event = moves(parameter);
    return event === undefined
      ? []
      : [`"${parameter.name}" is moved by an event at frame ${event.frame}; another one fits`];
  });
}

/** Why a sound cannot be a target; nothing if it can. */
function explainTarget({ sampleRate, frames, samples }: WavSound, wantedRate: number): string | undefined {
  if (sampleRate !== wantedRate) {
    return `it has ${sampleRate} frames in a second, and the patch would run at ${wantedRate}; --sample-rate ${sampleRate} fits`;
  }
  if (frames < leastFrames) {
    return `it is too short: ${frames} frames; at least ${leastFrames} fit`;
  }
  return samples.some((sample) => sample !== 0) ? undefined : 'it is silent; there is nothing to fit to';
}

async function createOutput(
  request: FitRequest,
): Promise<{ readonly ok: true; readonly file: ReplacementFile } | Failed> {
  const { patchPath, targetPath, midiPath, outputPath, replaces } = request;
  const creating = await ReplacementFile.create(outputPath, [
    patchPath,
    targetPath,
    ...(midiPath === undefined ? [] : [midiPath]),
  ]);
  if (creating.ok && !replaces && existsSync(outputPath)) {
    await creating.file.discard();
    return failed({
      type: 'unwritable_file',
      path: outputPath,
      reason: 'it is there already; --replace writes over it',
    });
  }
  return creating;
}

async function searchFor(
  material: Material,
  request: FitRequest,
): Promise<{ readonly ok: true; readonly found: Found } | Failed> {
  const { target, parameters } = material;
  const opening = openSpectralLoss(target.samples, target.channels);
  if (!opening.ok) {
    return failed({ type: 'engine', error: opening.error });
  }
  const unfit = await checkFirst(material, request);
  if (unfit !== undefined) {
    return unfit;
  }
  const { starts, steps, signal, onProgress } = request;
  return search<Failure>({
    coordinates: parameters.map(({ movable }) => coordinateOf(movable)),
    judge: (values, needs) => judge(material, request, opening.loss, values, needs),
    starts,
    steps,
    signal,
    onProgress,
  });
}

/** Whether the plan can be recorded at all, and what that takes. */
async function checkFirst(
  { plan, events, target }: Material,
  { block, workers, targetPath, onMemory }: FitRequest,
): Promise<Failed | undefined> {
  const opening = openGradient(encodePlan(plan), { block, workers, frames: target.frames, events });
  if (!opening.ok) {
    return failed({ type: 'engine', error: opening.error });
  }
  const { channels, bytes } = opening.run;
  opening.run.close();
  if (channels !== target.channels) {
    const message = `it has ${channelWord(target.channels)}, and the patch ${channels}; a target with ${channelWord(channels)} fits`;
    return failed({ type: 'unfit_target', path: targetPath, message });
  }
  const { frames, sampleRate } = target;
  onMemory?.({ frames, sampleRate, bytes });
  const free = freemem();
  if (bytes > free) {
    const seconds = Math.floor(((frames / sampleRate) * free * 10) / bytes) / 10;
    return failed({ type: 'not_enough_memory', bytes, free, seconds });
  }
  return undefined;
}

function channelWord(count: number): string {
  return count === 1 ? '1 channel' : `${count} channels`;
}

/** Plays the plan with these values, holds it against the target, and goes back if that is asked for. */
async function judge(
  { plan, parameters, events, target }: Material,
  { block, workers }: FitRequest,
  loss: SpectralLoss,
  values: readonly number[],
  { needsGradient }: { readonly needsGradient: boolean },
): Promise<Judging<Failure>> {
  const bytes = encodePlan(planWith(plan, parameters, values));
  const opening = openGradient(bytes, { block, workers, frames: target.frames, events });
  if (!opening.ok) {
    return failed({ type: 'engine', error: opening.error });
  }
  const { run } = opening;
  try {
    const recording = await run.record();
    const measuring = recording.ok ? await loss.measure(recording.sound, { needsGradient }) : recording;
    if (!measuring.ok) {
      return failed({ type: 'engine', error: measuring.error });
    }
    const { distance, bySound } = measuring;
    if (bySound === undefined) {
      return { ok: true, judgement: { distance, gradient: [] } };
    }
    const going = await run.backward(bySound);
    return going.ok
      ? { ok: true, judgement: { distance, gradient: derivativesBy(plan, parameters, going.gradient) } }
      : failed({ type: 'engine', error: going.error });
  } finally {
    run.close();
  }
}

function fittedParameters(
  { parameters, timing }: Material,
  values: readonly number[],
  idle: readonly number[],
): readonly FittedParameter[] {
  return parameters.map((parameter, place) => {
    const isIdle = idle.includes(place);
    const { name, literal: before } = parameter;
    const after = isIdle ? before : literalFor(parameter, values[place] ?? 0, timing);
    return { name, before, after, isIdle };
  });
}
