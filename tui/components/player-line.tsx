// The MIDI file that plays until somebody does.

import type { ReactNode } from 'react';
import type { SessionStatus } from '../../src/session/status.js';
import type { PanelProps } from '../screen-model.js';
import { formatTime } from '../text/format.js';
import { labelCells, labelled } from '../text/labelled.js';
import type { Line } from '../text/line.js';
import { joinFitting, piece } from '../text/line.js';
import { plainText, shortenMiddle } from '../text/plain-text.js';
import { Lines } from './lines.js';

type PlayerStatus = NonNullable<SessionStatus['player']>;

export function PlayerLine({ model, columns }: PanelProps): ReactNode {
  const { player } = model.steady;
  return player === undefined ? null : (
    <Lines columns={columns} lines={[labelled('player', ...describePlayer(player, columns - labelCells))]} />
  );
}

function describePlayer(player: PlayerStatus, cells: number): Line {
  const state = describeState(player);
  const name: Line = [shortenMiddle(plainText(player.path), Math.max(10, cells - 30))];
  const time: Line = [`${formatTime(player.seconds)} of ${formatTime(player.length)}`];
  return joinFitting(player.state === 'playing' ? [state, name, time] : [state, name], ' ', cells);
}

function describeState({ state, isLooping }: PlayerStatus): Line {
  switch (state) {
    case 'playing':
      return [piece('good', isLooping ? 'loops' : 'plays')];
    case 'finished':
      return [piece('faint', 'finished')];
    case 'stopped':
      return [piece('faint', 'stopped')];
  }
}
