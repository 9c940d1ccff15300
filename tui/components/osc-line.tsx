// Where OSC is heard and what came, or why it is not.

import type { ReactNode } from 'react';
import type { OscStatus } from '../../src/session/status.js';
import type { PanelProps } from '../screen-model.js';
import { formatCount } from '../text/format.js';
import { labelCells, labelled } from '../text/labelled.js';
import type { Line } from '../text/line.js';
import { joinFitting, piece } from '../text/line.js';
import { plainText } from '../text/plain-text.js';
import { lamp } from './lamp.js';
import { Lines } from './lines.js';

export function OscLine({ model, columns }: PanelProps): ReactNode {
  const { osc } = model.status;
  const parts = osc.isOpen ? describeOpen(osc) : [[piece('faint', plainText(osc.reason ?? 'off'))]];
  const line = joinFitting(parts, ', ', columns - labelCells - 2);
  return <Lines columns={columns} lines={[labelled('OSC', lamp(model.activity.osc), ' ', ...line)]} />;
}

function describeOpen(osc: OscStatus): readonly Line[] {
  const parts: Line[] = [
    [piece('name', `${plainText(osc.address)}:${osc.port}`)],
    [formatCount(osc.packets, 'packet')],
  ];
  if (osc.malformed > 0) {
    parts.push([piece('warning', `${osc.malformed} malformed`)]);
  }
  if (osc.dropped > 0) {
    parts.push([piece('warning', `${osc.dropped} dropped`)]);
  }
  if (osc.subscribers > 0) {
    parts.push([formatCount(osc.subscribers, 'subscriber')]);
  }
  if (osc.lastAddress !== undefined) {
    parts.push([plainText(osc.lastAddress)]);
  }
  return parts;
}
