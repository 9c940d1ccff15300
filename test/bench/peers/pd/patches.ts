// The pieces as Pure Data would have them.

import {
  branchCount,
  branchFrequency,
  branchPosition,
  chainFeedback,
  chainLength,
  each,
  filterSection,
  filtersInBranch,
  keyFrequency,
  noteEvery,
  noteKey,
  noteLength,
  noteLevel,
  noteRamp,
  notesSounding,
  placeGains,
  sampleRate,
  sawLevel,
  sineCount,
  sineFrequency,
  sineLevel,
  spectrumCount,
  spectrumFrequency,
  windowFrames,
  windowsInFrame,
} from '../../numbers.js';
import type { PdObject } from './canvas.js';
import { PdCanvas } from './canvas.js';

export type PdPiece = 'w1' | 'w3' | 'w4' | 'w5' | 'w6' | 'w6-held';

/** The names of the buses that lead from the sound to the output. */
const buses = ['left', 'right'] as const;

export interface PdSettings {
  readonly seconds: number;
  readonly block: number;
  readonly channels: number;
  /** A file for the samples; nothing if nobody will read them. */
  readonly output: string | undefined;
}

/** How much longer a piece plays that is recorded: the program does not wait for what its other thread has not written. */
const secondsToWrite = 20;

/** The file that plays a piece for some seconds and then ends the program; it finds `noteVoiceFile` beside it. */
export function patchOf(piece: PdPiece, { seconds, block, channels, output }: PdSettings): string {
  const main = new PdCanvas();
  const sound = soundOf(piece, main);
  sound.add(`block~ ${block}`);
  main.subpatch('sound', sound);
  const outputs = buses.slice(0, channels).map((bus) => main.add(`catch~ ${bus}`));
  const device = main.add('dac~');
  for (const [channel, object] of outputs.entries()) {
    main.connect(object, 0, device, channel);
  }
  const steps = main.add('t b b b', main.add('loadbang'));
  const lasts = output === undefined ? seconds : seconds + secondsToWrite;
  main.message('; pd quit', milliseconds(main, lasts, steps, 0));
  main.connect(steps, 1, main.message('; pd dsp 1'), 0);
  if (output !== undefined) {
    record(main, { seconds, outputs, output, steps });
  }
  return main.file();
}

/** An object that gives a bang so many seconds after an outlet has given one. */
function milliseconds(canvas: PdCanvas, seconds: number, from: PdObject, outlet: number): PdObject {
  const delay = canvas.add(`delay ${seconds * 1000}`);
  canvas.connect(from, outlet, delay, 0);
  return delay;
}

interface Recording {
  readonly seconds: number;
  readonly outputs: readonly PdObject[];
  readonly output: string;
  readonly steps: PdObject;
}

/** Ends a little before the piece does: its last block may not be whole. */
function record(canvas: PdCanvas, { seconds, outputs, output, steps }: Recording): void {
  const writer = canvas.add(`writesf~ ${outputs.length} 1000000`);
  for (const [channel, object] of outputs.entries()) {
    canvas.connect(object, 0, writer, channel);
  }
  const open = canvas.message(`open -wave -bytes 4 ${output}, start`);
  canvas.connect(steps, 2, open, 0);
  canvas.connect(open, 0, writer, 0);
  const stop = canvas.message('stop', milliseconds(canvas, seconds - 0.02, steps, 2));
  canvas.connect(stop, 0, writer, 0);
}

function soundOf(piece: PdPiece, main: PdCanvas): PdCanvas {
  switch (piece) {
    case 'w1':
      return sumOfSines();
    case 'w3':
      return filterChain();
    case 'w4':
      addSawTable(main);
      return filteredBranches();
    case 'w5':
      addSawTable(main);
      addWindow(main);
      return spectra();
    case 'w6':
      return shortNotes('play');
    case 'w6-held':
      return shortNotes('hold');
  }
}

function sumOfSines(): PdCanvas {
  const sound = new PdCanvas();
  const sines = each(sineCount, (i) => sound.add(`osc~ ${sineFrequency(i)}`));
  sound.add('throw~ left', sound.add(`*~ ${sineLevel}`, ...sines));
  return sound;
}

/** lop~ takes 2 pi corner / rate for what of the input it takes. */
function filterChain(): PdCanvas {
  const sound = new PdCanvas();
  const corner = ((1 - chainFeedback) * sampleRate) / (2 * Math.PI);
  let signal = sound.add('noise~');
  for (let i = 0; i < chainLength; i += 1) {
    signal = sound.add(`lop~ ${corner}`, signal);
  }
  sound.add('throw~ left', signal);
  return sound;
}

const sawHarmonics = 40;

/** A saw that is band-limited: as many harmonics as fit below the highest that the filters let through. */
function addSawTable(main: PdCanvas): void {
  main.table('saw', 2051);
  const harmonics = each(sawHarmonics, (i) => (2 / (Math.PI * (i + 1))).toFixed(6));
  main.message(`; saw sinesum 2048 ${harmonics.join(' ')}`, main.add('loadbang'));
}

function filteredBranches(): PdCanvas {
  const sound = new PdCanvas();
  const sinks = buses.map((bus) => sound.add(`throw~ ${bus}`));
  const { b0, b1, b2, a1, a2 } = filterSection();
  for (let branch = 0; branch < branchCount; branch += 1) {
    let signal = sound.add('tabosc4~ saw', sound.add(`sig~ ${branchFrequency(branch)}`));
    for (let i = 0; i < filtersInBranch; i += 1) {
      signal = sound.add(`biquad~ ${[-a1, -a2, b0, b1, b2].join(' ')}`, signal);
    }
    const { left, right } = placeGains(branchPosition(branch));
    for (const [channel, gain] of [left, right].entries()) {
      const level = sound.add(`*~ ${(gain * sawLevel) / branchCount}`, signal);
      sound.connect(level, 0, sinks[channel] ?? 0, 0);
    }
  }
  return sound;
}

const windowTable = 'window';

/** Hann's. */
function addWindow(main: PdCanvas): void {
  main.table(windowTable, windowFrames);
  const points = each(windowFrames, (i) => (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / windowFrames)).toFixed(8));
  main.message(`; ${windowTable} 0 ${points.join(' ')}`, main.add('loadbang'));
}

/** A canvas of its own for each, of which the blocks are windows that overlap; their squares add up to 3 / 8 of those in a frame. */
function spectra(): PdCanvas {
  const sound = new PdCanvas();
  const sink = sound.add('throw~ left');
  const level = sawLevel / spectrumCount / windowFrames / ((3 / 8) * windowsInFrame);
  for (let i = 0; i < spectrumCount; i += 1) {
    const spectrum = new PdCanvas();
    spectrum.add(`block~ ${windowFrames} ${windowsInFrame}`);
    const window = spectrum.add(`tabreceive~ ${windowTable}`);
    const apart = spectrum.add('rfft~', spectrum.add('*~', spectrum.add('inlet~')));
    spectrum.connect(window, 0, apart - 1, 1);
    const together = spectrum.add('rifft~', apart);
    spectrum.connect(apart, 1, together, 1);
    const heard = spectrum.add('*~', spectrum.add(`*~ ${level}`, together));
    spectrum.connect(window, 0, heard, 1);
    spectrum.add('outlet~', heard);
    const object = sound.subpatch(`spectrum-${i}`, spectrum);
    sound.connect(sound.add('tabosc4~ saw', sound.add(`sig~ ${spectrumFrequency(i)}`)), 0, object, 0);
    sound.connect(object, 0, sink, 0);
  }
  return sound;
}

/** The file of a voice of w6, an abstraction. */
export const noteVoiceFile = 'note-voice.pd';

/** A voice that takes a frequency: its sine swells, holds and ends. */
export function noteVoice(): string {
  const voice = new PdCanvas();
  const milli = (seconds: number): number => seconds * 1000;
  const length = noteLength / sampleRate;
  const steps = voice.add('t b f', voice.add('inlet'));
  const sine = voice.add('osc~');
  voice.connect(steps, 1, sine, 0);
  const swell = voice.message(
    `${noteLevel} ${milli(noteRamp)}, 0 ${milli(noteRamp)} ${milli(length - noteRamp)}`,
    steps,
  );
  const product = voice.add('*~', sine);
  voice.connect(voice.add('vline~', swell), 0, product, 1);
  voice.add('outlet~', product);
  return voice.file();
}

/** A voice of w6 that begins once and does not end. */
export const heldVoiceFile = 'held-voice.pd';

export function heldVoice(): string {
  const voice = new PdCanvas();
  const steps = voice.add('t b f', voice.add('inlet'));
  const sine = voice.add('osc~');
  voice.connect(steps, 1, sine, 0);
  const product = voice.add('*~', sine);
  voice.connect(voice.add('vline~', voice.message(`${noteLevel} ${noteRamp * 1000}`, steps)), 0, product, 1);
  voice.add('outlet~', product);
  return voice.file();
}

/** Twenty voices that take notes by turns, or that are all begun at the start. */
function shortNotes(manner: 'play' | 'hold'): PdCanvas {
  const sound = new PdCanvas();
  const voices = sound.add(`clone ${manner === 'play' ? 'note' : 'held'}-voice ${notesSounding}`);
  sound.add('throw~ left', voices);
  if (manner === 'hold') {
    const begin = sound.add('loadbang');
    for (let i = 0; i < notesSounding; i += 1) {
      sound.connect(sound.message(`next ${keyFrequency(noteKey(i))}`, begin), 0, voices, 0);
    }
    return sound;
  }
  const clock = sound.add(`metro ${(noteEvery / sampleRate) * 1000}`, sound.add('loadbang'));
  const count = sound.add('f', clock);
  const next = sound.add('+ 1', count);
  sound.connect(next, 0, count, 1);
  const key = sound.add('expr 57 + (int($f1 * 7) % 24)', count);
  sound.connect(sound.message('next $1', sound.add('mtof', key)), 0, voices, 0);
  return sound;
}
