// Puts other values into the text of a patch; comments, order and layout stay.
import { applyEdits, modify } from 'jsonc-parser';
import type { Literal } from './patch.js';
import type { Timing, ValueUnit } from './units.js';
import { formatLiteral } from './units.js';

/** A value and where it stands: keys and places in lists, such as `nodes`, `low`, `cutoff`. */
export interface PlacedValue {
  readonly path: readonly (string | number)[];
  readonly literal: Literal;
}

/** The text with all values in their places; a key that is not there yet becomes the last one of its object. */
export function writeValues(text: string, values: readonly PlacedValue[]): string {
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: text.includes('\r\n') ? '\r\n' : '\n' };
  return values.reduce((written, { path, literal }) => {
    const edits = modify(written, [...path], formatLiteral(literal), { formattingOptions });
    return applyEdits(written, edits);
  }, text);
}

/** Digits that a value is written with, which nobody hears beyond. */
const digits = 6;

/**
 * The value as a literal of a unit that fits it, rounded to six digits. Nothing if the unit has no such value: decibels of what is
 * not above 0.
 */
export function literalOf(
  value: number,
  unit: ValueUnit,
  writtenIn: Literal['unit'],
  timing: Timing,
): Literal | undefined {
  const number = numberIn(value, unit, writtenIn, timing);
  return Number.isFinite(number) ? { number: Number(number.toPrecision(digits)), unit: writtenIn } : undefined;
}

/** The inverse of `approximateValue`. */
function numberIn(value: number, unit: ValueUnit, writtenIn: Literal['unit'], timing: Timing): number {
  const secondsOfWholeNote = 240 / timing.tempo;
  const wholeNotes = (unit === 'hertz' ? 1 / value : value) / secondsOfWholeNote;
  switch (writtenIn) {
    case 'plain':
    case 'hertz':
    case 'seconds':
      return value;
    case 'kilohertz':
      return value / 1000;
    case 'milliseconds':
      return value * 1000;
    case 'frames':
      return value * timing.rate;
    case 'percent':
      return value * 100;
    case 'decibels':
      return 20 * Math.log10(value);
    case 'note':
      return 69 + 12 * Math.log2(value / 440);
    case 'whole_notes':
      return wholeNotes;
    case 'bars':
      return (wholeNotes * timing.meter.denominator) / timing.meter.numerator;
  }
}
