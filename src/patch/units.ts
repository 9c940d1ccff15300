// Values as performers write them: 440, "2 kHz", "5 ms", "-6 dB", "C#4", "3/16". Parsed, formatted, and compared with ranges.
import type { ParameterUnit } from './node-types.js';
import type { Literal, LiteralUnit, Meter } from './patch.js';

/** What a value is for: a parameter's unit, or `frames` for delays and lags. A plain number is in this unit. */
export type ValueUnit = ParameterUnit | 'frames';

/** The units in which a value may be written, by what it is for. */
export const fittingUnits: Readonly<Record<ValueUnit, readonly LiteralUnit[]>> = {
  hertz: ['plain', 'hertz', 'kilohertz', 'note', 'whole_notes', 'bars'],
  seconds: ['plain', 'seconds', 'milliseconds', 'frames', 'whole_notes', 'bars'],
  ratio: ['plain', 'decibels', 'percent'],
  none: ['plain', 'percent'],
  octaves: ['plain', 'percent'],
  turns: ['plain', 'percent'],
  frames: ['plain', 'frames', 'seconds', 'milliseconds', 'whole_notes', 'bars'],
};

/** What turns beats and frames into seconds. */
export interface Timing {
  /** Frames a second. */
  readonly rate: number;
  /** Quarter notes a minute. */
  readonly tempo: number;
  readonly meter: Meter;
}

const unsignedNumber = String.raw`(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?`;
const signedNumber = `[+-]?${unsignedNumber}`;

/** How text in each unit looks: regular expressions without anchors and without named groups. */
const unitPatterns: Readonly<Record<Exclude<LiteralUnit, 'plain'>, string>> = {
  hertz: `${signedNumber} *Hz`,
  kilohertz: `${signedNumber} *kHz`,
  seconds: `${signedNumber} *s`,
  milliseconds: `${signedNumber} *ms`,
  decibels: `${signedNumber} *dB`,
  note: `[A-G][#b]?-?\\d+(?:[+-]${unsignedNumber})?`,
  whole_notes: `${signedNumber} */ *[1-9]\\d*`,
  frames: `${signedNumber} *frames?`,
  percent: `${signedNumber} *%`,
  bars: `${signedNumber} *bars?`,
};

/** A regular expression for texts that fit a value, for the JSON Schema. */
export function literalPattern(unit: ValueUnit): string {
  const patterns = fittingUnits[unit].flatMap((fitting) => (fitting === 'plain' ? [] : [unitPatterns[fitting]]));
  return `^(?:${patterns.join('|')})$`;
}

const unitExpressions = Object.entries(unitPatterns).map(
  ([unit, pattern]) => [unit as keyof typeof unitPatterns, new RegExp(`^(?:${pattern})$`)] as const,
);

/** No value needs a longer text; a limit keeps nonsense from taking time. */
const longestLiteral = 64;

/** Reads a value written as text with its unit; `undefined` for what is none, or is not finite. */
export function parseLiteral(text: string): Literal | undefined {
  if (text.length > longestLiteral) {
    return undefined;
  }
  const trimmed = text.trim();
  const unit = unitExpressions.find(([, expression]) => expression.test(trimmed))?.[0];
  if (unit === undefined) {
    return undefined;
  }
  const number = unit === 'note' ? parseNote(trimmed) : parseNumber(trimmed, unit);
  return Number.isFinite(number) ? { number: number === 0 ? 0 : number, unit } : undefined;
}

function parseNumber(text: string, unit: LiteralUnit): number {
  if (unit === 'whole_notes') {
    const [numerator, denominator] = text.split('/');
    return Number(numerator) / Number(denominator);
  }
  return Number.parseFloat(text);
}

const semitonesAboveC: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const noteNames = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];

/** MIDI note number of a name such as C#4 or A4+15 (cents); C4 is 60. */
function parseNote(text: string): number {
  const [, letter = '', accidental = '', octave = '', cents = '0'] = /^([A-G])([#b]?)(-?\d+)(.*)$/.exec(text) ?? [];
  const sharps = accidental === '#' ? 1 : accidental === 'b' ? -1 : 0;
  const semitone = (semitonesAboveC[letter] ?? 0) + sharps + 12 * (Number(octave) + 1);
  return semitone + Number(cents || 0) / 100;
}

/** Writes a value as it may stand in a patch: a number, or text with a unit. `parseLiteral` gives the text's value back. */
export function formatLiteral(literal: Literal): number | string {
  const { number, unit } = literal;
  switch (unit) {
    case 'plain':
      return number;
    case 'hertz':
      return `${number} Hz`;
    case 'kilohertz':
      return `${number} kHz`;
    case 'seconds':
      return `${number} s`;
    case 'milliseconds':
      return `${number} ms`;
    case 'decibels':
      return `${number} dB`;
    case 'note':
      return formatNote(number);
    case 'whole_notes':
      return formatFraction(number);
    case 'frames':
      return number === 1 ? '1 frame' : `${number} frames`;
    case 'percent':
      return `${number} %`;
    case 'bars':
      return number === 1 ? '1 bar' : `${number} bars`;
  }
}

function formatNote(number: number): string {
  const semitone = Math.round(number);
  const name = `${noteNames[((semitone % 12) + 12) % 12]}${Math.floor(semitone / 12) - 1}`;
  const cents = shortestNumber((number - semitone) * 100, (candidate) => semitone + candidate / 100 === number);
  return cents === 0 ? name : `${name}${cents > 0 ? '+' : ''}${cents}`;
}

function formatFraction(number: number): string {
  for (let denominator = 1; denominator <= 192; denominator++) {
    const numerator = Math.round(number * denominator);
    if (numerator / denominator === number) {
      return `${numerator}/${denominator}`;
    }
  }
  return `${number}/1`;
}

function shortestNumber(number: number, isExact: (candidate: number) => boolean): number {
  for (let digits = 1; digits < 17; digits++) {
    const candidate = Number(number.toPrecision(digits));
    if (isExact(candidate)) {
      return candidate;
    }
  }
  return number;
}

/** Seconds of a whole note: `tempo` counts quarter notes a minute. */
function secondsOfWholeNote(tempo: number): number {
  return 240 / tempo;
}

/**
 * Whole frames, rounded to the nearest, of a value that fits the unit `frames`. Uses IEEE arithmetic alone, so every host gives the same
 * number. Throws a `RangeError` for a literal that is no time.
 */
export function framesOf(literal: Literal, rate: number, tempo: number, meter: Meter): number {
  const { number, unit } = literal;
  switch (unit) {
    case 'plain':
    case 'frames':
      return Math.round(number);
    case 'seconds':
      return Math.round(number * rate);
    case 'milliseconds':
      return Math.round((number * rate) / 1000);
    case 'whole_notes':
      return Math.round((number * rate * 240) / tempo);
    case 'bars':
      return Math.round((number * meter.numerator * rate * 240) / (meter.denominator * tempo));
    default:
      throw new RangeError(`${formatLiteral(literal)} is not a time`);
  }
}

/** Whether the value depends on the sample rate, the tempo or the meter when it is for `unit`. */
export function dependsOnTiming(literal: Literal, unit: ValueUnit): boolean {
  return literal.unit === 'whole_notes' || literal.unit === 'bars' || (literal.unit === 'frames' && unit === 'seconds');
}

/**
 * The value in the unit it is for, near enough to compare it with a range. The engine makes its own, exact conversion for sound. The literal's
 * unit has to fit.
 */
export function approximateValue(literal: Literal, unit: ValueUnit, timing: Timing): number {
  if (unit === 'frames') {
    return framesOf(literal, timing.rate, timing.tempo, timing.meter);
  }
  const { number } = literal;
  const wholeNotes = literal.unit === 'bars' ? (number * timing.meter.numerator) / timing.meter.denominator : number;
  switch (literal.unit) {
    case 'plain':
    case 'hertz':
    case 'seconds':
      return number;
    case 'kilohertz':
      return number * 1000;
    case 'milliseconds':
      return number / 1000;
    case 'frames':
      return number / timing.rate;
    case 'percent':
      return number / 100;
    case 'decibels':
      return 10 ** (number / 20);
    case 'note':
      return 440 * 2 ** ((number - 69) / 12);
    case 'whole_notes':
    case 'bars': {
      const seconds = wholeNotes * secondsOfWholeNote(timing.tempo);
      return unit === 'hertz' ? 1 / seconds : seconds;
    }
  }
}
