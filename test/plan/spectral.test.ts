// Spectra in plans: their form, what latency they make, and what does not go together with them.

import { describe, expect, test } from 'vitest';
import { complaintsAbout, planOf } from './compiling.js';
import type { PatchSketch } from './patch-builder.js';

function sketch(more: Partial<PatchSketch> = {}): PatchSketch {
  return {
    nodes: {
      tone: { type: 'sine', batch: 3 },
      apart: { type: 'fft', options: { size: 512, overlap: 8, window: 0 } },
      together: { type: 'ifft', options: { size: 512, overlap: 8, window: 0 } },
      sum: { type: 'mix' },
      out: { type: 'output' },
      ...more.nodes,
    },
    edges: [
      { from: 'tone', to: 'apart' },
      { from: 'apart', to: 'together' },
      { from: 'together', to: 'sum' },
      { from: 'tone', to: 'sum' },
      { from: 'sum', to: 'out' },
      ...(more.edges ?? []),
    ],
    ...(more.gates === undefined ? {} : { gates: more.gates }),
  };
}

describe('A plan with spectra', () => {
  const { nodes, edges, stream } = planOf(sketch());
  const named = (id: string) => nodes.find((node) => node.id === id);

  test('has a period and the values of a token on the frames of a hop', () => {
    expect(named('apart')?.outputs).toMatchObject([{ batch: 3, channels: 8, period: 64 }]);
    expect(named('together')?.inputs).toMatchObject([{ batch: 3, channels: 8 }]);
    expect(named('together')?.outputs).toMatchObject([{ batch: 3, channels: 1, period: 1 }]);
  });

  test('is late by a window and a hop, and other paths with it', () => {
    expect(named('apart')?.latency).toBe(0);
    expect(named('apart')?.tail).toBe(576);
    expect(named('together')).toMatchObject({ latency: 576, alignedLatency: 0, tail: 0 });
    expect(edges[3]?.alignment).toBe(576);
    expect(stream.outputLatency).toBe(576);
  });
});

test.each([
  [
    'a signal into spectra',
    { from: 'tone', to: 'together' },
    '"tone.out" gives a signal, but "together.in" does not take that; an "fft" between them fits',
  ],
  [
    'spectra into a signal',
    { from: 'apart', to: 'sum' },
    '"apart.out" gives spectra, but "sum.in" does not take that; an "ifft" between them fits',
  ],
  [
    'spectra into a parameter',
    { from: 'apart', to: 'tone.freq', delay: 64 },
    '"apart.out" gives spectra, but "tone.freq" does not take that; an "ifft" between them fits',
  ],
])('%s is refused with what fits', (_, edge, says) => {
  expect(complaintsAbout(sketch({ edges: [edge] })).join('\n')).toContain(says);
});

test('Spectra that would move a gate are refused', () => {
  const span = { offset: 0, length: 0 };
  const gates = [{ id: 'drop', members: [4], signals: [{ span, node: 1, output: 0 }] }];
  expect(complaintsAbout(sketch({ gates })).join('\n')).toContain('"apart.out" gives spectra, which move no gate');
});

test('An input of spectra that would hold its last frame is refused', () => {
  const nodes = {
    together: {
      type: 'ifft',
      options: { size: 512, overlap: 8, window: 0 },
      taps: { in: { absent: 'hold' as const } },
    },
  };
  expect(complaintsAbout(sketch({ nodes })).join('\n')).toContain('"together.in" takes spectra');
});
