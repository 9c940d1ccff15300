// One meter a channel: RMS and peak of the last moments, and a peak that stands for a while.

import type { ReactNode } from 'react';
import type { PanelProps } from '../screen-model.js';
import { decibels, formatLevel } from '../text/format.js';
import { labelCells, labelled } from '../text/labelled.js';
import type { Line, Piece } from '../text/line.js';
import { piece } from '../text/line.js';
import type { Meaning } from '../text/palette.js';
import { Lines } from './lines.js';

/** The meter's left end, in dB. */
const lowest = -60;
/** From here on it is loud, from here on near full scale, in dB. */
const loud = -12;
const nearFullScale = -3;

export function LevelMeters({ model, columns, rows }: PanelProps): ReactNode {
  const { levels } = model.status;
  const lines = levels.slice(0, rows).map((level, channel) => {
    const peak = model.peaks[channel] ?? level.peak;
    const figures = describeLevel(level.rms, peak, columns);
    const cells = Math.max(0, columns - labelCells - figures.length - 2);
    return labelled(
      nameChannel(channel, levels.length),
      ...drawMeter(level, peak, cells),
      ' ',
      ...colourFigures(figures, peak),
    );
  });
  const hidden = levels.length - lines.length;
  if (hidden > 0 && lines.length > 1) {
    lines[lines.length - 1] = labelled('level', piece('faint', `${hidden + 1} more channels`));
  }
  return <Lines columns={columns} lines={lines} />;
}

function nameChannel(channel: number, channels: number): string {
  return channels === 2 ? `level ${'LR'[channel] ?? ''}` : `level ${channel + 1}`;
}

function describeLevel(rms: number, peak: number, columns: number): string {
  const peakText = `${formatLevel(peak).padStart(6)} dB`;
  return columns < 60 ? peakText : `rms ${formatLevel(rms).padStart(6)}  peak ${peakText}`;
}

function colourFigures(figures: string, peak: number): readonly Piece[] {
  return [decibels(peak) > nearFullScale ? piece('bad', figures) : figures];
}

function drawMeter(level: { readonly peak: number; readonly rms: number }, held: number, cells: number): Line {
  const rmsCells = cellsOf(level.rms, cells);
  const peakCells = Math.max(rmsCells, cellsOf(level.peak, cells));
  const heldCell = cellsOf(held, cells) - 1;
  const characters = Array.from({ length: cells }, (_, cell) => {
    if (cell === heldCell && cell >= rmsCells) {
      return '│';
    }
    return cell < rmsCells ? '█' : cell < peakCells ? '▒' : ' ';
  });
  // Three zones, so that colours change at most twice a meter.
  const ends = [loud, nearFullScale, 0].map((level) => Math.round(shareOf(level) * cells));
  const meanings: readonly Meaning[] = ['good', 'warning', 'bad'];
  return meanings.map((meaning, zone) => piece(meaning, characters.slice(ends[zone - 1] ?? 0, ends[zone]).join('')));
}

function cellsOf(amplitude: number, cells: number): number {
  const share = shareOf(decibels(amplitude));
  // What sounds at all shows at least a little.
  return share > 0 ? Math.max(1, Math.min(cells, Math.round(share * cells))) : 0;
}

function shareOf(level: number): number {
  return (level - lowest) / -lowest;
}
