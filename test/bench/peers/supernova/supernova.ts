// supernova, the server of SuperCollider that has several threads: the scores of scsynth, and a parallel group for them.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleRate } from '../../numbers.js';
import type { Render } from '../../programs.js';
import { nowhere } from '../../programs.js';
import { channelsOf } from '../../workloads.js';
import type { Peer, Piece } from '../peer.js';
import { versionSaid } from '../peer.js';
import { serverFlags } from '../scsynth/server-flags.js';
import { scoreOf } from '../scsynth/workload-synths.js';

export const supernova: Peer = {
  name: 'supernova',
  debianPackage: 'supercollider-supernova',
  version: () => versionSaid(['supernova', '-v'], /\d+\.\d+\.\d+/),
  hasWorkers: true,
  render: (piece, folder) => (piece === 'w6' ? reasonAgainstNotes : renderPiece(piece, folder)),
};

const reasonAgainstNotes =
  'without real time it breaks off at the 4096th synth of a score, which is too soon to measure';

function renderPiece(piece: Piece, folder: string): Render {
  return ({ frames, block, workers, output }) => {
    const group = workers > 1 ? 'parallel group' : 'group';
    const score = join(folder, `${piece}-${frames}-${workers > 1 ? 'parallel' : 'serial'}.osc`);
    writeFileSync(score, scoreOf(piece, frames / sampleRate, group));
    const flags = serverFlags({ score, output: output ?? nowhere, block, channels: channelsOf(piece) });
    return { arguments: ['supernova', ...flags, '-T', String(workers)], output: nowhere };
  };
}
