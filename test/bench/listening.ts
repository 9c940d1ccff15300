// Renders a stretch and reads it: no time counts before the sound has been compared.

import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { comparedSeconds } from './agreement.js';
import { sampleRate } from './numbers.js';
import type { Piece } from './peers/peer.js';
import { alone } from './programs.js';
import type { Contestant, Setting } from './setting.js';
import { costOf } from './setting.js';
import type { Channel } from './sound.js';
import { readSound } from './sound.js';
import { channelsOf } from './workloads.js';

/** What a contestant makes of a piece; silence that is too short if it leaves no file. */
export function listen(setting: Setting, piece: Piece, { name, render }: Contestant): readonly Channel[] {
  // Pure Data would add the ending to a name without it.
  const output = join(setting.soundFolder, `${piece}-${name.replaceAll(/\W+/g, '-')}.wav`);
  costOf(setting, render({ ...alone(comparedSeconds * sampleRate), output }));
  const channels = channelsOf(piece);
  const sound = existsSync(output)
    ? readSound(output, channels)
    : Array.from({ length: channels }, () => new Float32Array());
  rmSync(output, { force: true });
  return sound;
}
