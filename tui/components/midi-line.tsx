// MIDI ports and what came last, or why there is no MIDI.

import type { ReactNode } from 'react';
import type { MidiStatus } from '../../src/session/status.js';
import type { PanelProps } from '../screen-model.js';
import { formatCount } from '../text/format.js';
import { labelCells, labelled } from '../text/labelled.js';
import type { Line } from '../text/line.js';
import { joinFitting, piece } from '../text/line.js';
import { plainText, shortenMiddle } from '../text/plain-text.js';
import { lamp } from './lamp.js';
import { Lines } from './lines.js';

export function MidiLine({ model, columns }: PanelProps): ReactNode {
  const { midi, heldNotes } = model.status;
  const cells = columns - labelCells - 2;
  const parts = midi.available ? describePorts(midi, cells) : [[piece('faint', plainText(midi.reason ?? 'none'))]];
  const held: Line = [formatCount(heldNotes, 'note held', 'notes held')];
  const line = joinFitting(heldNotes > 0 ? [...parts, held] : parts, ', ', cells);
  return <Lines columns={columns} lines={[labelled('MIDI', lamp(model.activity.midi), ' ', ...line)]} />;
}

function describePorts({ ports, lastMessage }: MidiStatus, cells: number): readonly Line[] {
  if (ports.length === 0) {
    return [[piece('faint', 'no controller')]];
  }
  const last: readonly Line[] = lastMessage === undefined ? [] : [[plainText(lastMessage)]];
  const names = ports.map(({ name, isConnected }): Line => {
    const short = shortenMiddle(plainText(name), Math.max(12, Math.floor(cells / Math.min(3, ports.length + 1))));
    return isConnected ? [piece('name', short)] : [piece('warning', `${short} gone`)];
  });
  const [first = [], ...others] = names;
  return [first, ...last, ...others];
}
