// Lines of text, each cut to the width. All that the screen draws goes through here.

import { Transform } from 'ink';
import type { ReactNode } from 'react';
import { memo, useContext } from 'react';
import type { Line } from '../text/line.js';
import { paintLine } from '../text/line.js';
import { CarrierContext } from './carrier-context.js';
import { PaletteContext } from './palette-context.js';

export interface LinesProps {
  readonly lines: readonly Line[];
  readonly columns: number;
}

export function Lines({ lines, columns }: LinesProps): ReactNode {
  const palette = useContext(PaletteContext);
  const text = lines.map((line) => paintLine(line, columns, palette)).join('\n');
  return lines.length === 0 || columns <= 0 ? null : <Painted text={text} columns={columns} rows={lines.length} />;
}

interface PaintedProps {
  readonly text: string;
  readonly columns: number;
  readonly rows: number;
}

/**
 * Ink measures each text that it meets and remembers it for ever; at 20 texts a second a night's performance would fill
 * the memory. So Ink lays out blank lines of the right size, and gets the text when it draws them.
 */
const Painted = memo(function Painted({ text, columns, rows }: PaintedProps): ReactNode {
  const pack = useContext(CarrierContext);
  const lines = text.split('\n').map((line) => line.trimEnd());
  const blank = Array<string>(rows).fill(' '.repeat(columns)).join('\n');
  const lineAt = (index: number): string => {
    const line = lines[index] ?? '';
    return line === '' ? '' : pack(line);
  };
  return <Transform transform={(_, index) => lineAt(index)}>{blank}</Transform>;
});
