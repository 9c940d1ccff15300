// Pure Data, which in its batch mode runs as fast as it can.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleRate } from '../../numbers.js';
import type { Render } from '../../programs.js';
import { nowhere } from '../../programs.js';
import { channelsOf } from '../../workloads.js';
import type { Peer, Piece } from '../peer.js';
import { versionSaid } from '../peer.js';
import type { PdPiece } from './patches.js';
import { heldVoice, heldVoiceFile, noteVoice, noteVoiceFile, patchOf } from './patches.js';

export const pureData: Peer = {
  name: 'pd',
  debianPackage: 'puredata-core',
  version: () => versionSaid(['pd', '-version'], /\d+\.\d+\.\d+/),
  hasWorkers: false,
  render: (piece, folder) => {
    const reason = reasonAgainst(piece);
    return reason ?? renderPiece(piece as PdPiece, folder);
  },
};

function reasonAgainst(piece: Piece): string | undefined {
  switch (piece) {
    case 'w1n':
      return 'its w1 has an object for each sine already';
    case 'w2':
    case 'w2a':
      return 'none of its own filters with a signal for the corner is a resonant low-pass of second order';
    default:
      return undefined;
  }
}

function renderPiece(piece: PdPiece, folder: string): Render {
  return ({ frames, block, output }) => {
    const patch = join(folder, `${piece}-${frames}-${block}${output === undefined ? '' : '-heard'}.pd`);
    writeFileSync(join(folder, noteVoiceFile), noteVoice());
    writeFileSync(join(folder, heldVoiceFile), heldVoice());
    writeFileSync(patch, patchOf(piece, { seconds: frames / sampleRate, block, channels: channelsOf(piece), output }));
    const flags = ['-batch', '-noprefs', '-nogui', '-noaudio', '-r', String(sampleRate)];
    return { arguments: ['pd', ...flags, patch], output: nowhere };
  };
}
