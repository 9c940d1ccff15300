// Brings frames to the terminal: only the lines that changed, each to its place.

import { withoutColours } from '../text/palette.js';
import { displayWidth } from '../text/plain-text.js';
import type { TerminalOutput } from './terminal-output.js';

/** Synchronized update: the terminal shows what is between them at once, if it knows them. */
const begin = '\u001b[?2026h';
const end = '\u001b[?2026l';
const clearScreen = '\u001b[m\u001b[2J';
const clearToEndOfLine = '\u001b[K';

/** Where the changes go. */
export type FrameOutput = Pick<TerminalOutput, 'write'>;

export class FrameWriter {
  private readonly output: FrameOutput;
  /** Cells of a line. */
  private readonly columns: number;
  /** What the terminal shows; nothing while that is not known. */
  private shown: readonly string[] | undefined;

  constructor(output: FrameOutput, columns: number) {
    this.output = output;
    this.columns = columns;
  }

  /** @param frame lines of text with colours, each ending without any, none wider than the terminal */
  write(frame: string): void {
    const lines = frame.split('\n');
    const shown = this.shown ?? [];
    const count = Math.max(lines.length, shown.length);
    let changes = this.shown === undefined ? clearScreen : '';
    for (let index = 0; index < count; index++) {
      const line = lines[index] ?? '';
      if (line !== (shown[index] ?? '')) {
        changes += `\u001b[${index + 1};1H${line}${this.isFull(line) ? '' : clearToEndOfLine}`;
      }
    }
    this.shown = lines;
    if (changes !== '') {
      this.output.write(`${begin}${changes}${end}`);
    }
  }

  /** After a line's last cell the cursor still stands on it: clearing from there would take it away again. */
  private isFull(line: string): boolean {
    return displayWidth(withoutColours(line)) >= this.columns;
  }
}
