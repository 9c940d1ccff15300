// A line of the screen: pieces of plain text, each with a meaning.

import type { Meaning, Palette } from './palette.js';
import { displayWidth, shorten } from './plain-text.js';

/** A piece of plain text, with its meaning if it has one. */
export type Piece = string | { readonly text: string; readonly meaning: Meaning };
export type Line = readonly Piece[];

export function piece(meaning: Meaning, text: string): Piece {
  return { meaning, text };
}

export function lineWidth(line: Line): number {
  return line.reduce((width, each) => width + displayWidth(textOf(each)), 0);
}

/** A left and a right part with space between; the right part is shortened last. */
export function spread(left: Line, right: Line, columns: number): Line {
  const rightWidth = lineWidth(right);
  if (rightWidth >= columns) {
    return right;
  }
  const room = columns - rightWidth - 1;
  const short = cutLine(left, room);
  return [...short, ' '.repeat(columns - rightWidth - lineWidth(short)), ...right];
}

/** Pieces joined by a separator, as far as whole ones fit. */
export function joinFitting(parts: readonly Line[], separator: string, columns: number): Line {
  const joined: Piece[] = [];
  for (const part of parts) {
    const next = joined.length === 0 ? part : [separator, ...part];
    if (joined.length > 0 && lineWidth(joined) + lineWidth(next) > columns) {
      break;
    }
    joined.push(...next);
  }
  return joined;
}

/** The line in at most so many cells. */
export function cutLine(line: Line, columns: number): Line {
  if (lineWidth(line) <= columns) {
    return line;
  }
  const cut: Piece[] = [];
  let left = Math.max(0, columns);
  for (const each of line) {
    const text = textOf(each);
    const width = displayWidth(text);
    if (width >= left) {
      // The ellipsis takes a cell even if this very piece would fit: something after it is lost.
      const short = width === left ? shorten(`${text}…`, left) : shorten(text, left);
      cut.push(typeof each === 'string' ? short : piece(each.meaning, short));
      break;
    }
    left -= width;
    cut.push(each);
  }
  return cut;
}

/** The line as the terminal gets it, in at most so many cells. */
export function paintLine(line: Line, columns: number, palette: Palette): string {
  return cutLine(line, columns)
    .map((each) => {
      if (typeof each === 'string') {
        return each;
      }
      const [begin, end] = palette[each.meaning];
      return `${begin}${each.text}${end}`;
    })
    .join('');
}

function textOf(each: Piece): string {
  return typeof each === 'string' ? each : each.text;
}
