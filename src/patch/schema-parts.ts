// The small pieces of the patch schema. Each says in one clause what was found and what would fit; the reader adds where.
import { z } from 'zod';
import { describeFound } from './describe.js';
import type { Literal, Meter } from './patch.js';
import { didYouMean, listWords } from './suggestion.js';
import { formatLiteral, literalPattern } from './units.js';
import type { ValueRange } from './value.js';
import { readAnyLiteral, readValue } from './value.js';

/** Longest name of a node, an edge or a gate. */
export const longestName = 63;

/** A name that the patch gives to a node, an edge or a gate. */
export const nameSchema = z
  .string({ error: (issue) => `found ${describeFound(issue.input)}; a name such as "low" fits` })
  .regex(/^[a-z][a-z0-9_]*$/, { error: (issue) => explainName(issue.input) })
  .max(longestName, { error: `the name is too long; ${longestName} characters fit` });

/** The name of a node of the patch, or of one that the planner adds: a sum of voices, as in "vca.out.voices". */
export const scheduledNameSchema = z
  .string({ error: (issue) => `found ${describeFound(issue.input)}; a name such as "low" fits` })
  .regex(/^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*\.voices)?$/, { error: (issue) => explainName(issue.input) });

function explainName(found: unknown): string {
  const proposal = String(found)
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^_+/, '')
    .replace(/^\d/, 'n$&')
    .slice(0, longestName);
  const near = proposal === '' ? '' : `, such as "${proposal}"`;
  return `${describeFound(found)} is not a name; lower-case letters, digits and _ fit, a letter first${near}`;
}

/** Any text. */
export function textSchema(description: string) {
  return z
    .string({ error: (issue) => `found ${describeFound(issue.input)}; text in double quotes fits` })
    .describe(description);
}

/** `true` or `false`. */
export function flagSchema(description: string) {
  return z
    .boolean({ error: (issue) => `found ${describeFound(issue.input)}; true or false fits` })
    .describe(description);
}

/** One of some words. */
export function choiceSchema<const Choices extends readonly [string, ...string[]]>(
  choices: Choices,
  description: string,
) {
  return z.enum(choices, { error: (issue) => explainChoice(issue.input, choices) }).describe(description);
}

function explainChoice(found: unknown, choices: readonly string[]): string {
  const near = typeof found === 'string' ? didYouMean(found, choices) : '';
  const quoted = choices.map((choice) => `"${choice}"`);
  return `found ${describeFound(found)}${near}${near === '' ? '; ' : ' '}${listWords(quoted, 'or')} fits`;
}

/** A whole number from `minimum` to `maximum`. */
export function integerSchema(minimum: number, maximum: number, description: string) {
  const error = (issue: { readonly input?: unknown }) =>
    `found ${describeFound(issue.input)}; a whole number from ${minimum} to ${maximum} fits`;
  return z.int({ error }).min(minimum, { error }).max(maximum, { error }).describe(description);
}

/** A power of two from `minimum` to `maximum`, which are some. */
export function powerOfTwoSchema(minimum: number, maximum: number, description: string) {
  const fitting: number[] = [];
  for (let number = minimum; number <= maximum; number *= 2) {
    fitting.push(number);
  }
  const error = (issue: { readonly input?: unknown }) =>
    `found ${describeFound(issue.input)}; ${listWords(fitting.map(String), 'or')} fits`;
  return z.literal(fitting, { error }).describe(description);
}

/** A plain number from `minimum` to `maximum`. */
export function numberSchema(minimum: number, maximum: number, description: string) {
  const error = (issue: { readonly input?: unknown }) =>
    `found ${describeFound(issue.input)}; a number from ${minimum} to ${maximum} fits`;
  return z.number({ error }).min(minimum, { error }).max(maximum, { error }).describe(description);
}

/** A number above 0. */
export function positiveSchema(description: string) {
  const error = (issue: { readonly input?: unknown }) => `found ${describeFound(issue.input)}; a number above 0 fits`;
  return z.number({ error }).positive({ error }).describe(description);
}

/** A value with its unit, as JSON Schema. */
function literalJsonSchema(range: ValueRange) {
  const bounds = {
    ...(Number.isFinite(range.minimum) ? { minimum: range.minimum } : {}),
    ...(Number.isFinite(range.maximum) ? { maximum: range.maximum } : {}),
  };
  return [
    { type: 'number', ...bounds },
    { type: 'string', pattern: literalPattern(range.unit) },
  ];
}

/** A value with its unit. Limits that depend on the tempo are compared later. */
export function valueSchema(range: ValueRange, description: string) {
  return z
    .unknown()
    .transform((found, context): Literal => {
      const reading = readValue(found, range);
      if (!reading.ok) {
        context.addIssue({ code: 'custom', message: reading.message });
        return z.NEVER;
      }
      return reading.literal;
    })
    .meta({ description, anyOf: literalJsonSchema(range) });
}

/** One value with its unit, or one for each lane of a batch. */
export function laneValuesSchema(
  range: ValueRange & { readonly default: number },
  largestBatch: number,
  description: string,
) {
  const single = literalJsonSchema(range);
  return z
    .unknown()
    .transform((found, context): readonly Literal[] => {
      const values: readonly unknown[] = Array.isArray(found) ? found : [found];
      if (values.length === 0 || values.length > largestBatch) {
        const message = `found ${values.length} values; one value or an array of up to ${largestBatch} fits`;
        context.addIssue({ code: 'custom', message });
        return z.NEVER;
      }
      return values.flatMap((value, lane) => {
        const reading = readValue(value, range);
        if (!reading.ok) {
          const path = Array.isArray(found) ? [lane] : [];
          context.addIssue({ code: 'custom', message: reading.message, path });
        }
        return reading.ok ? [reading.literal] : [];
      });
    })
    .meta({
      description,
      default: range.default,
      anyOf: [...single, { type: 'array', items: { anyOf: single }, minItems: 1, maxItems: largestBatch }],
    });
}

/** A value whose unit only what it is for can tell. */
export function anyValueSchema(description: string) {
  return z
    .unknown()
    .transform((found, context): Literal => {
      const literal = readAnyLiteral(found);
      if (literal === undefined) {
        const message = `found ${describeFound(found)}; a value fits, such as 0.5, "2 kHz", "5 ms" or "-6 dB"`;
        context.addIssue({ code: 'custom', message });
        return z.NEVER;
      }
      return literal;
    })
    .meta({ description, type: ['number', 'string'] });
}

/** A point of the transport's grid: at once, note lengths or bars. */
export function gridSchema(description: string) {
  return z
    .unknown()
    .transform((found, context): Literal => {
      const literal = found === 'now' ? atOnce : readAnyLiteral(found);
      const isGrid = literal?.unit === 'whole_notes' || literal?.unit === 'bars';
      if (literal === undefined || (literal !== atOnce && !(isGrid && literal.number > 0))) {
        const text = literal === undefined ? describeFound(found) : JSON.stringify(formatLiteral(literal));
        context.addIssue({ code: 'custom', message: `found ${text}; "now", "1/4" or "1 bar" fits` });
        return z.NEVER;
      }
      return literal;
    })
    .meta({ description, type: 'string', pattern: `^(?:now|\\d+ */ *[1-9]\\d*|[\\d.]+ *bars?)$` });
}

const atOnce: Literal = { number: 0, unit: 'plain' };

/** Beats in a bar, as in "3/4". */
export function meterSchema(description: string) {
  return z
    .unknown()
    .transform((found, context): Meter => {
      const [, numerator, denominator] = typeof found === 'string' ? (/^(\d{1,2})\/(\d{1,2})$/.exec(found) ?? []) : [];
      const meter = { numerator: Number(numerator), denominator: Number(denominator) };
      const isMeter = meter.numerator >= 1 && meter.numerator <= 64 && meterDenominators.includes(meter.denominator);
      if (!isMeter) {
        const message = `found ${describeFound(found)}; a meter such as "4/4" or "7/8" fits: 1 to 64, over 1, 2, 4, 8, 16, 32 or 64`;
        context.addIssue({ code: 'custom', message });
        return z.NEVER;
      }
      return meter;
    })
    .meta({ description, type: 'string', pattern: '^[1-9]\\d?/(?:1|2|4|8|16|32|64)$' });
}

const meterDenominators = [1, 2, 4, 8, 16, 32, 64];
