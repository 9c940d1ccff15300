// scsynth, the server of SuperCollider, in its mode that is not of real time.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleRate } from '../../numbers.js';
import { nowhere } from '../../programs.js';
import { channelsOf } from '../../workloads.js';
import type { Peer } from '../peer.js';
import { versionSaid } from '../peer.js';
import { serverFlags } from './server-flags.js';
import { scoreOf } from './workload-synths.js';

export const scsynth: Peer = {
  name: 'scsynth',
  debianPackage: 'supercollider-server',
  version: () => versionSaid(['scsynth', '-v'], /\d+\.\d+\.\d+/),
  hasWorkers: false,
  render:
    (piece, folder) =>
    ({ frames, block, output }) => {
      const score = join(folder, `${piece}-${frames}.osc`);
      writeFileSync(score, scoreOf(piece, frames / sampleRate, 'group'));
      return {
        arguments: [
          'scsynth',
          ...serverFlags({ score, output: output ?? nowhere, block, channels: channelsOf(piece) }),
        ],
        output: nowhere,
      };
    },
};
