// Csound, which renders to a file or to nowhere.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleRate } from '../../numbers.js';
import { nowhere } from '../../programs.js';
import type { Peer } from '../peer.js';
import { versionSaid } from '../peer.js';
import { documentOf } from './documents.js';

export const csound: Peer = {
  name: 'csound',
  debianPackage: 'csound',
  version: () => versionSaid(['csound', '--version'], /\d+\.\d+/),
  hasWorkers: true,
  render:
    (piece, folder) =>
    ({ frames, block, workers, output }) => {
      const document = join(folder, `${piece}-${frames}-${block}.csd`);
      writeFileSync(document, documentOf(piece, frames / sampleRate, block));
      const sink = output === undefined ? ['-n'] : ['-W', '-f', '-o', output];
      return { arguments: ['csound', '-d', '-m0', `-j${workers}`, ...sink, document], output: nowhere };
    },
};
