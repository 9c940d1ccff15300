// A peer: another engine that makes the same pieces in its own way.

import { spawnSync } from 'node:child_process';
import type { Render } from '../programs.js';
import type { NotePieceId, PieceId } from '../workloads.js';

export type Piece = PieceId | NotePieceId;

export interface Peer {
  readonly name: string;
  /** The package of Debian that has it. */
  readonly debianPackage: string;
  /** The version that it gives of itself, or nothing if it is not installed. */
  readonly version: () => string | undefined;
  /** Whether it computes with several threads if it is told to. */
  readonly hasWorkers: boolean;
  /** How it makes a piece, with its inputs in a folder of its own; or in a sentence why it does not. */
  readonly render: (piece: Piece, folder: string) => Render | string;
}

/** A peer that is installed, and the folder for what it reads. */
export interface InstalledPeer {
  readonly peer: Peer;
  readonly version: string;
  readonly folder: string;
}

/** What a program says of its version on either stream; nothing if it cannot be run. */
export function versionSaid(command: readonly [string, ...string[]], pattern: RegExp): string | undefined {
  const [program, ...options] = command;
  const { error, stdout, stderr } = spawnSync(program, options, { encoding: 'utf8' });
  return error === undefined ? pattern.exec(stdout + stderr)?.[0] : undefined;
}
