// A machine that is too slow for what sounds: voices end, and what was played can be rendered again.

import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderJournalToFile } from '../../src/session/render.js';
import { amplitudeAt } from '../measure/spectrum.js';
import type { Performing } from '../session/performing.js';
import { perform } from '../session/performing.js';
import { readWav } from '../session/wav-reader.js';

const sampleRate = 192_000;
const level = 0.2;
const frequencyOf = (note: number) => 440 * 2 ** ((note - 69) / 12);
const i = (value: number) => ({ type: 'i', value }) as const;
const f = (value: number) => ({ type: 'f', value }) as const;

/** Sines at one level, whatever their velocity, beside filters of 4096 lanes: eight are too much for any machine. */
function voicesBeside(filters: number): string {
  const heavy = Array.from({ length: filters }, (_, index) => `heavy${index}`);
  const nodes = heavy.map((id) => `"${id}": { "type": "svf", "batch": 4096 },`);
  const edges = heavy.map((id) => `{ "from": "light", "to": "${id}" }, { "from": "${id}", "to": "sum", "gain": 0 },`);
  return `{
    "amp": 1, "overload": "shed",
    "nodes": {
      "light": { "type": "sine" }, ${nodes.join(' ')}
      "sum": { "type": "mix" },
      "keys": { "type": "keys", "voices": 4 },
      "tone": { "type": "sine" },
      "env": { "type": "adsr", "attack": "5 ms", "sustain": 1, "release": "50 ms" },
      "vca": { "type": "gain", "gain": 0 },
      "out": { "type": "output", "channels": 1 } },
    "edges": [
      ${edges.join(' ')}
      { "from": "sum", "to": "out" },
      { "from": "keys.freq", "to": "tone.freq" }, { "from": "keys.gate", "to": "env.gate" },
      { "from": "tone", "to": "vca" }, { "from": "env", "to": "vca.gain", "depth": ${level} },
      { "from": "vca", "to": "out" } ] }`;
}

const later = async ({ performance, until }: Performing, seconds: number) => {
  const end = performance.status().frame + seconds * sampleRate;
  return until(`${seconds} s later`, ({ frame }) => frame >= end);
};

test('an overload ends all voices but the loudest without a click, and later notes stay', async () => {
  const performing = await perform(voicesBeside(8), { sampleRate });
  const [loudest, ...others] = [45, 52, 57, 61] as const;
  for (const [note, velocity] of [
    [loudest, 0.9],
    [others[0], 0.6],
    [others[1], 0.4],
    [others[2], 0.2],
  ] as const) {
    await performing.ask('/note', i(1), i(note), f(velocity));
  }
  await performing.until('one voice alone', ({ shedVoices }) => shedVoices === 3);
  const alone = await later(performing, 0.06);
  expect(alone).toMatchObject({ shedVoices: 3 });
  expect(alone.notices.map(({ text }) => text)).toContainEqual(expect.stringContaining('the softest voices end'));

  writeFileSync(performing.patchPath, voicesBeside(0));
  await performing.until('what any machine can do', ({ handOvers }) => handOvers === 1);
  // The old plan is computed for as long as it fades.
  await later(performing, 0.1);
  const fresh = [64, 69] as const;
  for (const note of fresh) {
    await performing.ask('/note', i(1), i(note), f(0.1));
  }
  expect(await later(performing, 0.4)).toMatchObject({ shedVoices: 3 });
  const { samples, frames } = await performing.end();

  const { at } = performing.folder;
  const journal = readFileSync(at('live.journal'), 'utf8').trimEnd().split('\n');
  expect(journal.filter((line) => line.includes('"shed_voice"'))).toHaveLength(3);
  expect(JSON.parse(journal.at(-1) ?? '')).toEqual({ end: frames });

  const last = samples.subarray(frames - 0.25 * sampleRate);
  for (const note of [loudest, ...fresh]) {
    expect(amplitudeAt(last, frequencyOf(note), sampleRate), `note ${note}`).toBeCloseTo(level, 2);
  }
  for (const note of others) {
    expect(amplitudeAt(last, frequencyOf(note), sampleRate), `note ${note}`).toBeLessThan(0.01);
  }
  // Four tones, the first 2 ms fades and the attacks of 5 ms: nothing moves faster.
  const steepest = level * 4 * ((2 * Math.PI * frequencyOf(69)) / sampleRate + 1 / (0.002 * sampleRate));
  const steps = samples.map((sample, index) => Math.abs(sample - (samples[index - 1] ?? sample)));
  expect(steps.reduce((largest, step) => Math.max(largest, step), 0)).toBeLessThan(steepest);

  const request = { journalPath: at('live.journal'), outputPath: at('again.wav'), block: 257, workers: 2 };
  expect(await renderJournalToFile(request)).toMatchObject({ ok: true, summary: { lateEvents: 0, warnings: [] } });
  const again = readWav(at('again.wav')).samples;
  expect(Buffer.from(again.buffer).equals(Buffer.from(samples.buffer))).toBe(true);
});
