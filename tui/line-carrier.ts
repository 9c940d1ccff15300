// Takes lines past Ink's cells.

import { withoutColours } from './text/palette.js';
import { displayWidth } from './text/plain-text.js';

/**
 * Ink looks at every character of every frame, which took three quarters of the screen's work. It need not: a line's
 * place is all that it has to find. So each line goes through Ink as one character that stands for it (of the private
 * use area, which plain text never has), and comes back in its place.
 */
export class LineCarrier {
  private static readonly first = 0xe000;
  private lines: string[] = [];

  /** The character that stands for a line until the frame is unpacked. */
  readonly pack = (line: string): string => {
    this.lines.push(line);
    return String.fromCharCode(LineCarrier.first + this.lines.length - 1);
  };

  /** The frame with its lines. */
  unpack(frame: string): string {
    const lines = this.lines;
    this.lines = [];
    // A line lies over the blank cells after its first.
    return frame.replace(/([\ue000-\uf8ff])( *)/g, (_, character: string, blanks: string) => {
      const line = lines[character.charCodeAt(0) - LineCarrier.first] ?? '';
      return line + blanks.slice(Math.max(0, displayWidth(withoutColours(line)) - 1));
    });
  }
}
