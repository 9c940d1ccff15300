// Values that were lost are found in the sound alone: of three patches, from starts an octave off, within a hundredth.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approximateValue } from '../../src/patch/units.js';
import type { FitSummary } from '../../src/session/fit.js';
import { fitToFile } from '../../src/session/fit.js';
import { renderToFile } from '../../src/session/render.js';
import { midiFile } from '../control/midi-bytes.js';

const sampleRate = 48_000;
const timing = { rate: sampleRate, tempo: 120, meter: { numerator: 4, denominator: 4 } };

/** The long form has more starts and steps, and starts that are off the other way, too. */
const { AMP_LONG_TESTS: long } = process.env;
const isLong = long !== undefined;

/** Values by their names. */
type Values = Readonly<Record<string, number>>;

interface Lost {
  readonly name: string;
  readonly seconds: number;
  readonly hasNotes?: boolean;
  /** As the target was rendered. */
  readonly values: Values;
  /** An octave up or down, of each value. */
  readonly octaves: Values;
  readonly patch: (value: (name: string) => number) => object;
}

const out = { type: 'output', channels: 1 };

/** A filter that stands. */
const filter: Lost = {
  name: 'cutoff, resonance and gain of a filtered saw',
  seconds: 0.3,
  values: { 'low.cutoff': 700, 'low.resonance': 0.6, 'level.gain': 0.3 },
  octaves: { 'low.cutoff': 1, 'low.resonance': -1, 'level.gain': 1 },
  patch: (value) => ({
    nodes: {
      saw: { type: 'saw', freq: 110 },
      low: { type: 'svf', cutoff: value('low.cutoff'), resonance: value('low.resonance') },
      level: { type: 'gain', gain: value('level.gain') },
      out,
    },
    edges: [
      { from: 'saw', to: 'low' },
      { from: 'low', to: 'level' },
      { from: 'level', to: 'out' },
    ],
  }),
};

/** An envelope that a square wave opens and shuts, and an edge. */
const envelope: Lost = {
  name: 'the times of an envelope and the gain of an edge',
  seconds: 0.4,
  values: { 'env.attack': 0.02, 'env.decay': 0.06, 'env.release': 0.08, 'wet.gain': 0.4 },
  octaves: { 'env.attack': 1, 'env.decay': -1, 'env.release': 1, 'wet.gain': -1 },
  patch: (value) => ({
    nodes: {
      clock: { type: 'lfo', shape: 'square', freq: 2.5 },
      env: {
        type: 'adsr',
        attack: value('env.attack'),
        decay: value('env.decay'),
        sustain: 0.5,
        release: value('env.release'),
      },
      tone: { type: 'triangle', freq: 330 },
      vca: { type: 'gain', gain: 0 },
      out,
    },
    edges: [
      { from: 'clock', to: 'env.gate' },
      { from: 'tone', to: 'vca' },
      { from: 'env', to: 'vca.gain' },
      { id: 'wet', from: 'vca', to: 'out', gain: value('wet.gain') },
    ],
  }),
};

/** Voices that notes play, with an envelope that opens a filter. */
const voices: Lost = {
  name: 'filter, envelope and gain of voices',
  seconds: 0.4,
  hasNotes: true,
  values: {
    'low.cutoff': 500,
    'low.resonance': 0.5,
    'env.attack': 0.015,
    'env.release': 0.1,
    'level.gain': 0.25,
  },
  octaves: { 'low.cutoff': 1, 'low.resonance': -1, 'env.attack': -1, 'env.release': -1, 'level.gain': 1 },
  patch: (value) => ({
    nodes: {
      keys: { type: 'keys', voices: 2 },
      saw: { type: 'saw' },
      env: { type: 'adsr', attack: value('env.attack'), decay: 0.05, sustain: 0.6, release: value('env.release') },
      low: { type: 'svf', cutoff: value('low.cutoff'), resonance: value('low.resonance') },
      vca: { type: 'gain', gain: 0 },
      level: { type: 'gain', gain: value('level.gain') },
      out,
    },
    edges: [
      { from: 'keys.freq', to: 'saw.freq' },
      { from: 'keys.gate', to: 'env.gate' },
      { from: 'saw', to: 'low' },
      { from: 'env', to: 'low.cutoff', in: 'octaves', depth: 2 },
      { from: 'low', to: 'vca' },
      { from: 'env', to: 'vca.gain' },
      { from: 'vca', to: 'level' },
      { from: 'level', to: 'out' },
    ],
  }),
};

/** At 960 ticks a second two notes, one after the other. */
const notes = midiFile({
  division: 480,
  tracks: [
    [
      [10, 0x90, 45, 100],
      [150, 0x80, 45, 0],
      [0, 0x90, 52, 100],
      [100, 0x80, 52, 0],
    ],
  ],
});

function patchText(lost: Lost, values: Values): string {
  return JSON.stringify({ amp: 1, ...lost.patch((name) => values[name] ?? 0) }, null, 2);
}

/** Each value times a power of two, but within the range of a resonance. */
function shifted({ values, octaves }: Lost, direction: 1 | -1): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const far = value * 2 ** (direction * (octaves[name] ?? 0));
      return [name, name === 'low.resonance' ? Math.min(far, 0.95) : far];
    }),
  );
}

describe.each([filter, envelope, voices])('a fit finds $name', (lost) => {
  const folder = mkdtempSync(join(tmpdir(), 'amp-live-'));
  const at = (name: string) => join(folder, name);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    writeFileSync(at('wanted.jsonc'), patchText(lost, lost.values));
    writeFileSync(at('notes.mid'), notes);
    const rendering = await renderToFile({
      patchPath: at('wanted.jsonc'),
      outputPath: at('wanted.wav'),
      midiPath: lost.hasNotes === true ? at('notes.mid') : undefined,
      seconds: lost.seconds,
      sampleRate,
      block: 64,
      workers: 1,
    });
    expect(rendering).toMatchObject({ ok: true });
  });

  async function fitFrom(values: Values): Promise<FitSummary> {
    writeFileSync(at('lost.jsonc'), patchText(lost, values));
    const fitting = await fitToFile({
      patchPath: at('lost.jsonc'),
      targetPath: at('wanted.wav'),
      midiPath: lost.hasNotes === true ? at('notes.mid') : undefined,
      parameters: Object.keys(lost.values),
      outputPath: at('found.jsonc'),
      replaces: true,
      sampleRate,
      block: 1024,
      workers: 1,
      starts: isLong ? 256 : 40,
      steps: isLong ? 200 : 110,
    });
    if (!fitting.ok) {
      throw new Error(JSON.stringify(fitting.failure));
    }
    return fitting.summary;
  }

  const directions = isLong ? ([1, -1] as const) : ([1] as const);
  test.each(directions)(
    'within a hundredth, from an octave off (direction %d)',
    { timeout: 600_000 },
    async (direction) => {
      const start = shifted(lost, direction);
      const { parameters, distance, distanceBefore } = await fitFrom(start);
      expect(distance).toBeLessThan(distanceBefore / 500);
      for (const { name, before, after } of parameters) {
        expect(before.number).toBeCloseTo(start[name] ?? 0, 9);
        const value = approximateValue(after, 'none', timing);
        expect({ name, share: Math.abs(value / (lost.values[name] ?? 0) - 1) }).toEqual({
          name,
          share: expect.toSatisfy((share: number) => share < 0.01),
        });
      }
      expect(JSON.parse(readFileSync(at('found.jsonc'), 'utf8'))).toHaveProperty('nodes');
    },
  );
});
