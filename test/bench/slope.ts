// The slope of a program's cost over the length of what it renders: what happens once does not count.

import type { Cost } from './measure/measure.js';
import type { Figure } from './measure/statistics.js';
import { figureOf } from './measure/statistics.js';
import { sampleRate } from './numbers.js';
import type { Rendering } from './programs.js';
import { alone } from './programs.js';
import type { Contestant, Setting } from './setting.js';
import { costOf } from './setting.js';

/** Seconds of sound that a figure is told for. */
export const toldSeconds = 20;

/** What a program takes, about, in seconds of user CPU. */
export interface RoughCost {
  /** Before its first block is done. */
  readonly start: number;
  /** For each second of sound after that. */
  readonly second: number;
}

/** By a short render and one of a block. */
export function roughCost(
  setting: Setting,
  { render }: Contestant,
  rendering: Omit<Rendering, 'frames'> = alone(0),
): RoughCost {
  const seconds = 4;
  const user = (frames: number): number => costOf(setting, render({ ...rendering, frames })).user;
  const start = user(rendering.block);
  return { start, second: (user(seconds * sampleRate) - start) / seconds };
}

interface LengthLimits {
  /** Seconds of CPU that the slope is to be made of at least, so that a millisecond more or less does not matter. */
  readonly wanted?: number;
  /** Seconds of sound. */
  readonly least?: number;
}

const mostSeconds = 240;
/** Of the start in the slope, since the start differs from run to run by some percent. */
const startShare = 1.5;

/** A whole number of seconds, and so of blocks of any size that is used here: how long the shorter of two renders is. */
export function lengthFor({ start, second }: RoughCost, { wanted = 0.5, least = 5 }: LengthLimits = {}): number {
  const seconds = Math.ceil(Math.max(wanted, startShare * start) / Math.max(second, 1e-6));
  return Math.min(Math.max(seconds, least), mostSeconds) * sampleRate;
}

export interface SlopeRun {
  /** Of a render of one block. */
  readonly start: Cost;
  readonly short: Cost;
  /** Seconds for 20 s of sound: of user CPU, and of wall time. */
  readonly user: number;
  readonly wall: number;
}

/** Renders a block, then `frames`, then twice as many. */
export function slopeRun(setting: Setting, contestant: Contestant, frames: number, rendering = alone(0)): SlopeRun {
  const cost = (length: number): Cost => costOf(setting, contestant.render({ ...rendering, frames: length }));
  const start = cost(rendering.block);
  const short = cost(frames);
  const long = cost(2 * frames);
  const scale = (toldSeconds * sampleRate) / frames;
  return { start, short, user: (long.user - short.user) * scale, wall: (long.wall - short.wall) * scale };
}

/** Wall and CPU seconds of each contestant's slope, in turn, run after run. */
export function slopesInTurn(
  setting: Setting,
  contestants: readonly (Contestant & { readonly frames: number; readonly rendering: Rendering })[],
  what: string,
): readonly { readonly user: readonly number[]; readonly wall: readonly number[] }[] {
  const runs = Array.from({ length: setting.runs }, (_, run) => {
    setting.announce(`${what}: run ${run + 1} of ${setting.runs}`);
    return contestants.map((each) => slopeRun(setting, each, each.frames, each.rendering));
  });
  return contestants.map((_, index) => {
    const own = runs.flatMap((run) => run[index] ?? []);
    return { user: own.map(({ user }) => user), wall: own.map(({ wall }) => wall) };
  });
}

/** What it takes to begin. */
export interface Footprint {
  /** Wall seconds of a render of one block. */
  readonly start: Figure;
  /** Largest resident memory in the shorter render, MiB. */
  readonly peak: Figure;
}

export function footprintOf(runs: readonly Pick<SlopeRun, 'start' | 'short'>[]): Footprint {
  return {
    start: figureOf(runs.map(({ start }) => start.wall)),
    peak: figureOf(runs.map(({ short }) => short.peak)),
  };
}

/** What Node takes to do nothing: the least that any program written for it does. */
export function measureNode(setting: Setting): Footprint {
  const command = { arguments: [process.execPath, '-e', '0'], output: '/dev/null' } as const;
  const costs = Array.from({ length: Math.max(3, setting.runs) }, () => costOf(setting, command));
  return footprintOf(costs.map((cost) => ({ start: cost, short: cost })));
}
