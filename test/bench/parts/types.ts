// What a node of each type costs, for each of its lanes and frames, through the streamer.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeType } from '../../../src/patch/node-types.js';
import { nodeTypes } from '../../../src/patch/node-types.js';
import { planBytes } from '../inputs.js';
import type { Figure } from '../measure/statistics.js';
import { figureOf } from '../measure/statistics.js';
import { sampleRate } from '../numbers.js';
import type { PatchDocument } from '../patch-documents.js';
import { patchText } from '../patch-documents.js';
import { alone } from '../programs.js';
import type { Contestant, Setting } from '../setting.js';
import { engine, wayBack } from '../setting.js';
import { lengthFor, roughCost, slopesInTurn, toldSeconds } from '../slope.js';

/** Lanes of a node. */
export const laneCounts = [1, 8, 64] as const;

/** Nodes that are measured beside the first one, for each number of lanes. */
const moreNodes = { 1: 128, 8: 64, 64: 16 } as const;

export interface TypeFigures {
  readonly type: string;
  /** Nanoseconds of user CPU for a lane and frame, for each of `laneCounts`. */
  readonly forward: readonly Figure[];
  /** The same for the way back through a recording, in doubles; nothing for a type that has none. */
  readonly backward: readonly Figure[] | undefined;
}

/**
 * So many nodes of a type, of which each is heard once; or one of them that is heard as often. They differ by what nodes cost and by
 * nothing else.
 */
export function patchOfType(type: NodeType, lanes: number, nodes: number, heard: number): PatchDocument {
  const ids = Array.from({ length: nodes }, (_, i) => `tested_${i}`);
  const isOutput = type.shape === 'output';
  const takesSpectra = type.inputs.some(({ spectral }) => spectral);
  const givesSpectra = type.outputs.some(({ spectral }) => spectral);
  // Spectra are made of the one noise, and what is heard of spectra is made of their one sum.
  const source = takesSpectra ? 'apart' : 'noise';
  const listener = givesSpectra ? 'together' : 'out';
  const tested = {
    type: type.name,
    ...(type.shape === 'voices' ? { voices: lanes } : {}),
    ...(type.inputs.length === 0 && type.shape !== 'voices' ? { batch: lanes } : {}),
    ...(isOutput ? { channels: 1 } : {}),
  };
  const output = type.outputs[0]?.name ?? '';
  const level = { gain: 0.001 };
  const listeners = Array.from({ length: heard }, (_, i) => ({
    id: `heard_${i}`,
    from: `${ids[i % nodes]}.${output}`,
    to: listener,
    ...level,
  }));
  return {
    amp: 1,
    nodes: {
      ...(type.inputs.length > 0 ? { noise: { type: 'noise', batch: lanes } } : {}),
      ...(takesSpectra ? { apart: { type: 'fft' } } : {}),
      ...(givesSpectra ? { together: { type: 'ifft' } } : {}),
      ...Object.fromEntries(ids.map((id) => [id, tested])),
      ...(isOutput ? {} : { out: { type: 'output', channels: type.shape === 'pan' ? 2 : 1 } }),
    },
    edges: [
      ...(takesSpectra ? [{ from: 'noise', to: 'apart' }] : []),
      ...type.inputs.flatMap(({ name }) => ids.map((id) => ({ from: source, to: `${id}.${name}`, ...level }))),
      ...(givesSpectra ? [{ from: 'together', to: 'out' }] : []),
      ...(isOutput ? [] : listeners),
    ],
  };
}

type Direction = 'forward' | 'backward';

interface Measured {
  readonly direction: Direction;
  readonly type: NodeType;
  readonly lanes: (typeof laneCounts)[number];
}

/** Measures every type in turn, run after run. */
export function measureTypes(setting: Setting): readonly TypeFigures[] {
  const all: readonly Measured[] = nodeTypes.flatMap((type) =>
    directionsOf(type).flatMap((direction) => laneCounts.map((lanes) => ({ direction, type, lanes }))),
  );
  const contestants = all.flatMap((measured) => {
    const heard = moreNodes[measured.lanes] + 1;
    const [one, many] = [1, heard].map((nodes) => writePlan(setting, measured, nodes, heard)) as [
      Contestant,
      Contestant,
    ];
    // Both are as long, so that what does not differ differs least.
    const frames = lengthFor(roughCost(setting, many), { wanted: 0.3, least: 2 });
    return [one, many].map((contestant) => ({ ...contestant, frames, rendering: alone(0) }));
  });
  const slopes = slopesInTurn(setting, contestants, 'types').map(({ user }) => user);
  const figures = all.map((measured, index) => {
    const values = moreNodes[measured.lanes] * measured.lanes * toldSeconds * sampleRate;
    const [one = [], many = []] = [slopes[2 * index], slopes[2 * index + 1]];
    const figure = figureOf(many.map((slope, run) => ((slope - (one[run] ?? Number.NaN)) / values) * 1e9));
    return { ...measured, figure };
  });
  return nodeTypes.map((type) => {
    const figuresOf = (direction: Direction) =>
      figures.filter((each) => each.type === type && each.direction === direction).map(({ figure }) => figure);
    const backward = figuresOf('backward');
    return { type: type.name, forward: figuresOf('forward'), backward: backward.length === 0 ? undefined : backward };
  });
}

/** The ways through a type that there are. */
function directionsOf({ differentiable }: NodeType): readonly Direction[] {
  return differentiable === true ? ['forward', 'backward'] : ['forward'];
}

function writePlan(setting: Setting, { direction, type, lanes }: Measured, nodes: number, heard: number): Contestant {
  const plan = `type-${type.name}-${lanes}-${nodes}.plan`;
  const text = patchText(patchOfType(type, lanes, nodes, heard), plan);
  writeFileSync(join(setting.folder, plan), planBytes(text, plan));
  return direction === 'forward'
    ? { name: plan, render: engine(setting, plan) }
    : { name: `back ${plan}`, render: wayBack(setting, plan) };
}
