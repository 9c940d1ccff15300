// All peers that the benchmark knows. A new one is a folder here and a line in this list.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { csound } from './csound/csound.js';
import { faust } from './faust/faust.js';
import { pureData } from './pd/pd.js';
import type { InstalledPeer, Peer } from './peer.js';
import { scsynth } from './scsynth/scsynth.js';
import { supernova } from './supernova/supernova.js';

export const peers: readonly Peer[] = [scsynth, supernova, csound, pureData, faust];

/** Those that can be run here, each with its folder below one. */
export function installedPeers(folder: string): readonly InstalledPeer[] {
  return peers.flatMap((peer) => {
    const version = peer.version();
    if (version === undefined) {
      return [];
    }
    const own = join(folder, peer.name);
    mkdirSync(own, { recursive: true });
    return [{ peer, version, folder: own }];
  });
}
