// Renders for tests: patches and scores from text to samples.

import type { RenderRequest, RenderSummary } from '../../src/session/render.js';
import { renderToFile } from '../../src/session/render.js';
import type { TemporaryFolder } from '../temporary-folder.js';
import type { WavContent } from './wav-reader.js';
import { readWav } from './wav-reader.js';

/** A sine of 1000 Hz at a quarter of full scale, in mono. */
export const sinePatch = `{
  "amp": 1,
  "nodes": {
    "sine": { "type": "sine", "freq": 1000 },
    "level": { "type": "gain", "gain": 0.25 },
    "out": { "type": "output", "channels": 1 } },
  "edges": [ { "from": "sine", "to": "level" }, { "from": "level", "to": "out" } ] }`;

/** Sounds at a quarter of full scale from the first to the last frame of a note. */
export const organPatch = `{
  "amp": 1,
  "nodes": {
    "keys": { "type": "keys", "voices": 8 },
    "tone": { "type": "sine" },
    "level": { "type": "gain", "gain": 0 },
    "out": { "type": "output", "channels": 1 } },
  "edges": [
    { "from": "keys.freq", "to": "tone.freq" },
    { "from": "tone", "to": "level" },
    { "from": "keys.gate", "to": "level.gain", "depth": 0.25 },
    { "from": "level", "to": "out" } ] }`;

/** A loop, voices and many nodes: whatever order they run in, the bits are the same. */
export const echoPatch = `{
  "amp": 1, "tempo": 120,
  "nodes": {
    "keys": { "type": "keys", "voices": 8 },
    "saw": { "type": "saw" },
    "env": { "type": "adsr", "attack": "5 ms", "release": "200 ms" },
    "low": { "type": "svf", "cutoff": 1200, "resonance": 0.4 },
    "vca": { "type": "gain", "gain": 0 },
    "echo": { "type": "mix" },
    "pan": { "type": "pan", "position": -0.3 },
    "out": { "type": "output" } },
  "edges": [
    { "from": "keys.freq", "to": "saw.freq" }, { "from": "keys.gate", "to": "env.gate" },
    { "from": "saw", "to": "low" }, { "from": "low", "to": "vca" },
    { "from": "env", "to": "vca.gain" }, { "from": "vca", "to": "echo", "gain": 0.2 },
    { "from": "echo", "to": "echo", "delay": "7 ms", "gain": 0.6 },
    { "from": "echo", "to": "pan" }, { "from": "pan", "to": "out" } ] }`;

export type RenderChange = Partial<RenderRequest>;

/** What is asked for unless a test asks for something else. */
export function requestIn(folder: TemporaryFolder, patch: string, change: RenderChange = {}): RenderRequest {
  return {
    patchPath: folder.write('patch.jsonc', patch),
    outputPath: folder.at('out.wav'),
    block: 64,
    workers: 1,
    sampleRate: 48_000,
    ...change,
  };
}

/** Renders what must render. */
export async function render(request: RenderRequest): Promise<{ summary: RenderSummary; wav: WavContent }> {
  const rendering = await renderToFile(request);
  if (!rendering.ok) {
    throw new Error(JSON.stringify(rendering.failure));
  }
  return { summary: rendering.summary, wav: readWav(request.outputPath) };
}
