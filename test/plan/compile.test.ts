import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Patch } from '../../src/patch/patch.js';
import { readPatch } from '../../src/patch/read.js';
import { decodePlan } from '../../src/plan/binary/decode.js';
import { encodePlan } from '../../src/plan/binary/encode.js';
import { compilePlan } from '../../src/plan/compile.js';
import { planOf } from './compiling.js';
import type { EdgeSketch, NodeSketch } from './patch-builder.js';
import { buildPatch } from './patch-builder.js';
import { legalGraph, patchOfGraph } from './random-graph.js';

const glassPad = `{
  // Sixteen voices of a filtered saw, with an echo.
  "amp": 1, "name": "Glass pad", "tempo": 96, "meter": "4/4",
  "nodes": {
    "keys": { "type": "keys", "voices": 16, "channel": 1 },
    "saw":  { "type": "saw" },
    "env":  { "type": "adsr", "attack": "5 ms", "release": "400 ms" },
    "low":  { "type": "svf", "cutoff": 900, "resonance": 0.3 },
    "vca":  { "type": "gain" },
    "echo": { "type": "mix" },
    "out":  { "type": "output" } },
  "edges": [
    { "from": "keys.freq", "to": "saw.freq" }, { "from": "keys.gate", "to": "env.gate" },
    { "from": "saw", "to": "low" }, { "from": "low", "to": "vca" },
    { "from": "env", "to": "vca.gain" },
    { "from": "vca", "to": "echo" },
    { "from": "echo", "to": "echo", "delay": "3/16", "gain": 0.5 },
    { "id": "wet", "from": "echo", "to": "out" } ],
  "gates": { "drop": { "members": ["wet"], "while_closed": "hold", "quantize": "1 bar" } }
}
`;

function read(text: string): Patch {
  const reading = readPatch(text, 'glass_pad.jsonc');
  if (!reading.ok) {
    throw new Error(reading.diagnostics.map(({ message }) => message).join('\n'));
  }
  return reading.patch;
}

function bytesOf(patch: Patch): Uint8Array {
  const result = compilePlan(patch, { sampleRate: 48_000 });
  if (!result.ok) {
    throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  }
  return encodePlan(result.plan);
}

describe('a patch', () => {
  test('gives the same bytes each time it is read', () => {
    expect(bytesOf(read(glassPad))).toEqual(bytesOf(read(glassPad)));
  });

  test('gives a plan that comes back from its bytes', () => {
    const patch = read(glassPad);
    const result = compilePlan(patch, { sampleRate: 44_100 });
    expect(result.ok && decodePlan(encodePlan(result.plan))).toEqual({ ok: true, plan: result.ok && result.plan });
  });

  test('with any legal graph gives a plan that comes back from its bytes', () => {
    fc.assert(
      fc.property(legalGraph, (graph) => {
        const plan = planOf(patchOfGraph(graph));
        expect(decodePlan(encodePlan(plan))).toEqual({ ok: true, plan });
      }),
    );
  });

  test('is told by file, line and column what keeps it from running', () => {
    const result = compilePlan(read(glassPad.replace('"delay": "3/16", ', '')), { sampleRate: 48_000 });
    expect(result).toMatchObject({ ok: false, diagnostics: [{ file: 'glass_pad.jsonc', line: 17, column: 5 }] });
  });

  test('is told everything at once, in the order of the file', () => {
    const text = glassPad
      .replace('"delay": "3/16", ', '')
      .replace('"saw":  { "type": "saw" }', '"saw":  { "type": "saw", "batch": 3 }');
    const result = compilePlan(read(text), { sampleRate: 48_000 });
    expect(result.ok ? [] : result.diagnostics.map(({ line }) => line)).toEqual([13, 17]);
  });

  test('with a name that no plan can hold is refused', () => {
    const result = compilePlan(read(glassPad.replace('Glass pad', '\\uD800')), { sampleRate: 48_000 });
    expect(result.ok ? [] : result.diagnostics.map(({ message }) => message)).toEqual([
      '"name": expected whole Unicode characters, found half of a surrogate pair',
    ]);
  });

  test('keeps its gates, and their edges know them', () => {
    const result = compilePlan(read(glassPad), { sampleRate: 48_000 });
    expect(result.ok && [result.plan.gates[0]?.edges, result.plan.edges[7]?.gate]).toEqual([[7], 0]);
  });
});

describe('a very large patch', () => {
  /** Voices, chains and loops: 10,000 nodes, 20,000 edges. */
  function largePatch(): Patch {
    const count = 10_000;
    const nodes: [string, NodeSketch][] = [['out', { type: 'output' }]];
    const edges: EdgeSketch[] = [];
    for (let index = 1; index < count; index += 1) {
      nodes.push([`n${index}`, { type: index % 3 === 0 ? 'biquad' : 'gain' }]);
      edges.push({ id: `a${index}`, from: `n${index}`, to: index + 1 < count ? `n${index + 1}` : 'out' });
      const back = Math.max(1, index - 50);
      edges.push({ id: `b${index}`, from: `n${index}`, to: `n${back}.gain`, delay: 1 + (index % 5000) });
    }
    return buildPatch({ nodes: Object.fromEntries(nodes), edges });
  }

  test('of 10,000 nodes exhausts no stack', () => {
    const result = compilePlan(largePatch(), { sampleRate: 48_000 });
    expect(result.ok && result.plan.nodes.length).toBe(10_000);
  });
});
