// Whether a second worker costs anything where there is little to do: a patch of a few dozen nodes, rendered and live.

import { join } from 'node:path';
import { writePlan } from '../inputs.js';
import type { Figure } from '../measure/statistics.js';
import { figureOf, ratioOf } from '../measure/statistics.js';
import { writeNoteLines } from '../notes.js';
import { alone, nowhere } from '../programs.js';
import type { Setting } from '../setting.js';
import { costOf, engine } from '../setting.js';
import { lengthFor, roughCost, slopesInTurn, toldSeconds } from '../slope.js';

interface SmallPatch {
  /** Of the file below patches/. */
  readonly name: string;
  /** Whether it sounds only while keys are held; live its own MIDI file plays then. */
  readonly hasKeys: boolean;
}

const smallPatches: readonly SmallPatch[] = [
  { name: 'glass_pad', hasKeys: true },
  { name: 'demo_kpn_ipls', hasKeys: false },
];

export interface SmallPatchFigures {
  readonly patch: string;
  readonly manner: 'rendered' | 'live';
  /** Seconds of CPU, the system's too if it is live, for 20 s of sound. */
  readonly oneWorker: Figure;
  readonly twoWorkers: Figure;
  /** Of the CPU with two workers to that with one, run by run. */
  readonly burnt: Figure;
  /** The same of the wall time; nothing if a clock paces it. */
  readonly wall: Figure | undefined;
}

/** Measures one worker and two in turn, run after run. */
export function measureSmallPatch(setting: Setting): readonly SmallPatchFigures[] {
  return smallPatches.flatMap((patch) => [rendered(setting, patch), live(setting, patch)]);
}

function pathOf({ root }: Setting, name: string): string {
  return join(root, 'patches', name);
}

function rendered(setting: Setting, { name, hasKeys }: SmallPatch): SmallPatchFigures {
  const plan = writePlan(pathOf(setting, `${name}.jsonc`), name, setting.folder);
  const held = (frames: number): string => writeNoteLines('w6-held', frames, setting.folder);
  const contestant = { name: plan, render: engine(setting, plan, hasKeys ? held : undefined) };
  const frames = lengthFor(roughCost(setting, contestant));
  const variants = [1, 2].map((workers) => ({ ...contestant, frames, rendering: { ...alone(0), workers } }));
  const [one, two] = slopesInTurn(setting, variants, `${name}, rendered`);
  return {
    patch: name,
    manner: 'rendered',
    ...figuresOf(one?.user ?? [], two?.user ?? []),
    wall: ratioOf(two?.wall ?? [], one?.wall ?? []),
  };
}

const shortPerformance = 2;
const longPerformance = 6;

/** Paced by the clock, without a screen: the slope of the whole command's CPU over two lengths. */
function live(setting: Setting, { name, hasKeys }: SmallPatch): SmallPatchFigures {
  const cost = (workers: number, seconds: number): number => {
    const midi = hasKeys ? ['--loop', '--midi', pathOf(setting, `${name}.mid`)] : [];
    const settings = Object.entries({ seconds, workers, device: 'clock', 'osc-port': 'off', 'midi-in': 'none' });
    const flags = settings.flatMap(([name, value]) => [`--${name}`, String(value)]);
    const play = [setting.command, 'play', pathOf(setting, `${name}.jsonc`), '--headless', '--no-reload'];
    const { user, system } = costOf(setting, {
      arguments: [process.execPath, ...play, ...midi, ...flags],
      output: nowhere,
    });
    return user + system;
  };
  const slope = (workers: number): number => {
    const seconds = longPerformance - shortPerformance;
    return ((cost(workers, longPerformance) - cost(workers, shortPerformance)) * toldSeconds) / seconds;
  };
  const runs = Array.from({ length: setting.runs }, (_, run) => {
    setting.announce(`${name}, live: run ${run + 1} of ${setting.runs}`);
    return { one: slope(1), two: slope(2) };
  });
  const [ones, twos] = [runs.map(({ one }) => one), runs.map(({ two }) => two)];
  return { patch: name, manner: 'live', ...figuresOf(ones, twos), wall: undefined };
}

function figuresOf(ones: readonly number[], twos: readonly number[]) {
  return { oneWorker: figureOf(ones), twoWorkers: figureOf(twos), burnt: ratioOf(twos, ones) };
}
