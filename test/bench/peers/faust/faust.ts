// Faust: each piece becomes a program, compiled for this processor.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nowhere } from '../../programs.js';
import type { Peer, Piece } from '../peer.js';
import { versionSaid } from '../peer.js';
import type { FaustPiece } from './programs.js';
import { programOf } from './programs.js';

/** Below the root of the repository, where the benchmark is run. */
const architecture = 'test/bench/peers/faust/render.cpp';

const compilerOptions = ['-O3', '-march=native', '-ffast-math', '-w'];

export const faust: Peer = {
  name: 'faust',
  debianPackage: 'faust',
  version: () => {
    return versionSaid(['g++', '--version'], /\d+\.\d+/) && versionSaid(['faust', '--version'], /\d+\.\d+\.\d+/);
  },
  hasWorkers: false,
  render: (piece, folder) => {
    const same = faustPieceOf(piece);
    if (same === undefined) {
      return reasonAgainst(piece);
    }
    return ({ frames, block, output }) => {
      const program = compile(same, folder);
      const file = output === undefined ? [] : [output];
      return { arguments: [program, String(frames), String(block), ...file], output: nowhere };
    };
  },
};

/** Its w2 is its w2a, since it has no control rate. */
function faustPieceOf(piece: Piece): FaustPiece | undefined {
  switch (piece) {
    case 'w1':
    case 'w3':
    case 'w4':
      return piece;
    case 'w2':
    case 'w2a':
      return 'w2';
    default:
      return undefined;
  }
}

function reasonAgainst(piece: Piece): string {
  switch (piece) {
    case 'w1n':
      return 'it compiles all nodes into one loop, as in w1';
    case 'w5':
      return 'its programs have one rate, and none but a transform of every frame';
    default:
      return 'its programs have no notes of their own';
  }
}

/** The program of a piece; takes half a minute unless what it is made of is as it was. */
function compile(piece: FaustPiece, folder: string): string {
  const text = programOf(piece);
  const made = [
    text,
    readFileSync(architecture, 'utf8'),
    compilerOptions.join(' '),
    versionSaid(['faust', '--version'], /.*/),
  ];
  const digest = createHash('sha256').update(made.join('\n')).digest('hex').slice(0, 12);
  const base = join(folder, `${piece}-${digest}`);
  if (!existsSync(base)) {
    writeFileSync(`${base}.dsp`, text);
    run(['faust', '-t', '0', '-a', architecture, `${base}.dsp`, '-o', `${base}.cpp`]);
    run(['g++', ...compilerOptions, `${base}.cpp`, '-o', `${base}.new`]);
    renameSync(`${base}.new`, base);
  }
  return base;
}

function run([program, ...options]: readonly [string, ...string[]]): void {
  const { error, status, stderr } = spawnSync(program, options, { encoding: 'utf8' });
  if (error !== undefined || status !== 0) {
    throw new Error(`${program} ${options.join(' ')}: ${error?.message ?? stderr}`);
  }
}
