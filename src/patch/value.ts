// One value of a patch against what its place takes: whether it is a value, its unit fits, and it lies in the range.
import { describeFound } from './describe.js';
import type { Literal, LiteralUnit } from './patch.js';
import { closestWord } from './suggestion.js';
import type { Timing, ValueUnit } from './units.js';
import { approximateValue, dependsOnTiming, fittingUnits, formatLiteral, parseLiteral } from './units.js';

/** What a place takes: a unit, and the least and the greatest value in that unit. */
export interface ValueRange {
  readonly unit: ValueUnit;
  readonly minimum: number;
  readonly maximum: number;
}

/** A value that was read, or a sentence that says what was found and what would fit. */
export type ValueReading =
  | { readonly ok: true; readonly literal: Literal }
  | { readonly ok: false; readonly message: string };

/** Longest delay and lag in frames: an hour at 48 kHz. */
export const largestDelay = 172_800_000;

/** Largest gain or depth of an edge, in either direction. */
export const largestAmount = 1e6;

const nounOf: Readonly<Record<LiteralUnit, string>> = {
  plain: 'a plain number',
  hertz: 'a frequency',
  kilohertz: 'a frequency',
  seconds: 'a time',
  milliseconds: 'a time',
  decibels: 'a level',
  note: 'a note',
  whole_notes: 'a note length',
  frames: 'a number of frames',
  percent: 'a percentage',
  bars: 'a number of bars',
};

const fittingExamples: Readonly<Record<ValueUnit, string>> = {
  hertz: 'a frequency fits, such as 440, "2 kHz", "C#4" or "1/8"',
  seconds: 'a time fits, such as 0.5, "5 ms", "480 frames" or "3/16"',
  ratio: 'a ratio fits, such as 0.5, "-6 dB" or "50 %"',
  none: 'a number fits, such as 0.5 or "50 %"',
  octaves: 'a number of octaves fits, such as 0.5',
  turns: 'a part of a turn fits, such as 0.25 or "25 %"',
  frames: 'a number of frames or a time fits, such as 480, "10 ms" or "3/16"',
};

const suffixOf: Readonly<Record<ValueUnit, string>> = {
  hertz: ' Hz',
  seconds: ' s',
  ratio: '',
  none: '',
  octaves: '',
  turns: '',
  frames: ' frames',
};

/** What people write for a unit, and how it is written here. */
const otherSpellings: ReadonlyMap<string, string> = new Map([
  ...['hz', 'hertz'].map((word) => [word, 'Hz'] as const),
  ...['khz', 'k', 'kilohertz'].map((word) => [word, 'kHz'] as const),
  ...['sec', 'secs', 'second', 'seconds'].map((word) => [word, 's'] as const),
  ...['msec', 'msecs', 'millis', 'millisecond', 'milliseconds'].map((word) => [word, 'ms'] as const),
  ...['db', 'decibel', 'decibels'].map((word) => [word, 'dB'] as const),
  ...['percent', 'pct'].map((word) => [word, '%'] as const),
  ...['sample', 'samples', 'smp'].map((word) => [word, 'frames'] as const),
]);
const unitSpellings = ['Hz', 'kHz', 's', 'ms', 'dB', '%', 'frames', 'bars'];

/** Reads a number or a text as a literal in any unit. */
export function readAnyLiteral(found: unknown): Literal | undefined {
  if (typeof found === 'number') {
    return Number.isFinite(found) ? { number: found === 0 ? 0 : found, unit: 'plain' } : undefined;
  }
  return typeof found === 'string' ? parseLiteral(found) : undefined;
}

/** Reads a value for a place. Ranges that depend on tempo or sample rate are compared only where `timing` is given. */
export function readValue(found: unknown, range: ValueRange, timing?: Timing): ValueReading {
  const literal = readAnyLiteral(found);
  const message =
    literal === undefined
      ? explainNoLiteral(found, range.unit)
      : (explainUnit(literal, range.unit) ?? explainRange(literal, range, timing));
  return literal === undefined || message !== undefined ? { ok: false, message: message ?? '' } : { ok: true, literal };
}

/** Why a literal's unit does not fit; `undefined` when it does. */
export function explainUnit(literal: Literal, unit: ValueUnit): string | undefined {
  return fittingUnits[unit].includes(literal.unit)
    ? undefined
    : `${quoted(literal)} is ${nounOf[literal.unit]}; ${fittingExamples[unit]}`;
}

/** Why a literal of a fitting unit is out of range; `undefined` when it is not, or when that hangs on timing that is not given. */
export function explainRange(literal: Literal, range: ValueRange, timing?: Timing): string | undefined {
  if (timing === undefined && dependsOnTiming(literal, range.unit)) {
    return undefined;
  }
  if (range.unit === 'frames' && ['plain', 'frames'].includes(literal.unit) && !Number.isInteger(literal.number)) {
    return `${quoted(literal)} is not a whole number of frames; ${fittingExamples.frames}`;
  }
  const value = approximateValue(literal, range.unit, timing ?? anyTiming);
  // Room for the rounding of the conversion: "0 dB" and a note name are what they say.
  const room = literal.unit === 'plain' ? 0 : 1e-9 * Math.abs(value);
  if (value + room >= range.minimum && value - room <= range.maximum) {
    return undefined;
  }
  const side = value < range.minimum ? 'too low' : 'too high';
  return `${quoted(literal)} is ${side}; ${describeRange(range, literal.unit)}${plainForDecibels(literal, range)}`;
}

/** `10 to 20000 Hz fits`, in decibels when that is how the value was written. */
export function describeRange(range: ValueRange, writtenIn: LiteralUnit = 'plain'): string {
  const { minimum, maximum, unit } = range;
  if (minimum === Number.NEGATIVE_INFINITY || maximum === Number.POSITIVE_INFINITY) {
    return fittingExamples[unit];
  }
  if (writtenIn === 'decibels' && maximum > 0) {
    const upper = `${decibels(maximum)} dB`;
    return minimum > 0 ? `"${decibels(minimum)} dB" to "${upper}" fits` : `at most "${upper}" fits`;
  }
  const anHour = unit === 'frames' && maximum === largestDelay ? ', an hour at 48 kHz,' : '';
  return `${minimum} to ${maximum}${suffixOf[unit]}${anHour} fits`;
}

function decibels(ratio: number): number {
  return Math.round(200 * Math.log10(ratio)) / 10;
}

/** Someone who writes -6 where only ratios above 0 fit means decibels. */
function plainForDecibels(literal: Literal, range: ValueRange): string {
  const isMeantInDecibels =
    literal.unit === 'plain' &&
    range.unit === 'ratio' &&
    literal.number < 0 &&
    literal.number >= -120 &&
    range.minimum >= 0;
  return isMeantInDecibels ? `; did you mean "${literal.number} dB"?` : '';
}

const anyTiming: Timing = { rate: 48000, tempo: 120, meter: { numerator: 4, denominator: 4 } };

function quoted(literal: Literal): string {
  const text = formatLiteral(literal);
  return typeof text === 'number' ? `${text}` : `"${text}"`;
}

function explainNoLiteral(found: unknown, unit: ValueUnit): string {
  if (typeof found === 'number') {
    return `the number is too large; ${fittingExamples[unit]}`;
  }
  if (typeof found !== 'string') {
    return `found ${describeFound(found)}; ${fittingExamples[unit]}`;
  }
  const text = found.trim();
  if (text !== '' && Number.isFinite(Number(text))) {
    return `${describeFound(found)} is text; a plain number stands without quotes: ${Number(text)}`;
  }
  const near = nearestLiteral(text, unit);
  const suggestion = near === undefined ? '' : `; did you mean "${near}"?`;
  return `${describeFound(found)} is not a value${suggestion === '' ? `; ${fittingExamples[unit]}` : suggestion}`;
}

/** The text with its unit or note name spelled as it has to be, if that makes a value that fits. */
function nearestLiteral(text: string, unit: ValueUnit): string | undefined {
  if (text.length > 32) {
    return undefined;
  }
  const [, number, word] = /^([+-]?[\d.]+)\s*(\S+)$/.exec(text.replace(',', '.')) ?? [];
  const spelling =
    word === undefined ? undefined : (otherSpellings.get(word.toLowerCase()) ?? closestWord(word, unitSpellings));
  const candidates = [
    ...(number === undefined || spelling === undefined ? [] : [`${number} ${spelling}`]),
    text.charAt(0).toUpperCase() + text.slice(1),
  ];
  return candidates.find((candidate) => {
    const literal = parseLiteral(candidate);
    return literal !== undefined && fittingUnits[unit].includes(literal.unit);
  });
}
