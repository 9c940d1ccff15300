// What every part of the benchmark needs to know.

import { join } from 'node:path';
import type { Command } from './measure/measure.js';
import { measure } from './measure/measure.js';
import type { InstalledPeer } from './peers/peer.js';
import type { Render } from './programs.js';
import { engineOn, renderOn } from './programs.js';

export interface Setting {
  /** test/bench/measure/measure-command.c, compiled. */
  readonly launcher: string;
  /** The program amp_render_plan. */
  readonly renderPlan: string;
  /** The program amp_go_back. */
  readonly goBack: string;
  /** The program amp_telemetry_cost. */
  readonly telemetryCost: string;
  /** The host's command line. */
  readonly command: string;
  /** Of the repository. */
  readonly root: string;
  /** A folder for plans and other inputs of ours. */
  readonly folder: string;
  /** A folder for sound, best in memory. */
  readonly soundFolder: string;
  readonly runs: number;
  readonly peers: readonly InstalledPeer[];
  /** Says what is being done. */
  readonly announce: (line: string) => void;
}

/** A program on a piece or patch. */
export interface Contestant {
  readonly name: string;
  readonly render: Render;
}

export const costOf = ({ launcher }: Setting, command: Command) => measure(launcher, command);

/** The engine on a plan of the setting's folder. */
export function engine({ renderPlan, folder }: Setting, plan: string, notes?: (frames: number) => string): Render {
  return engineOn(renderPlan, join(folder, plan), notes);
}

/** The engine's way back through a plan of the setting's folder. */
export function wayBack({ goBack, folder }: Setting, plan: string): Render {
  return engineOn(goBack, join(folder, plan));
}

/** `amp-live render` on a patch. */
export function render({ command, soundFolder }: Setting, patch: string, midi?: (frames: number) => string): Render {
  return renderOn(command, patch, soundFolder, midi);
}
