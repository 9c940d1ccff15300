// The device as it was granted, and why it is not the one that was asked for.

import type { ReactNode } from 'react';
import type { DeviceStatus } from '../../src/session/status.js';
import type { PanelProps } from '../screen-model.js';
import { formatCount, formatRate } from '../text/format.js';
import { below, labelCells, labelled } from '../text/labelled.js';
import type { Line } from '../text/line.js';
import { joinFitting, piece } from '../text/line.js';
import { plainText, shorten } from '../text/plain-text.js';
import { Lines } from './lines.js';

export function DeviceLine({ model, columns, rows }: PanelProps): ReactNode {
  const { device } = model.steady;
  const lines = [labelled('device', ...describeDevice(device, columns - labelCells))];
  if (device.note !== undefined) {
    lines.push(below(piece('warning', plainText(device.note))));
  }
  return <Lines columns={columns} lines={lines.slice(0, rows)} />;
}

/** A device whose note does not fit in one line more. */
export function deviceLineCount({ note }: DeviceStatus): number {
  return note === undefined ? 1 : 2;
}

function describeDevice(device: DeviceStatus, cells: number): Line {
  const parts: Line[] = [
    nameDevice(device, cells),
    [formatRate(device.sampleRate)],
    [formatCount(device.frames, 'frame')],
    [formatCount(device.channels, 'channel')],
  ];
  if (device.losses > 0) {
    parts.splice(1, 0, [piece('warning', device.losses === 1 ? 'lost once' : `lost ${device.losses} times`)]);
  }
  return joinFitting(parts, ', ', cells);
}

function nameDevice(device: DeviceStatus, cells: number): Line {
  switch (device.kind) {
    case 'clock':
      return [piece('warning', 'clock: nobody hears it')];
    case 'file':
      return ['file ', piece('name', shorten(plainText(device.name), cells - 5))];
    case 'port_audio': {
      const hostApi = device.hostApi === undefined ? '' : ` (${plainText(device.hostApi)})`;
      return [piece('good', shorten(plainText(device.name), cells - hostApi.length)), hostApi];
    }
  }
}
