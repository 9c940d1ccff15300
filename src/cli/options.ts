// Options of a command: stated as data, read from the command line, all mistakes at once.

import { parseArgs } from 'node:util';
import { closestWord } from '../patch/suggestion.js';

interface OptionBase {
  /** One letter. */
  readonly short?: string;
  /** What the help says, without a full stop. */
  readonly help: string;
}

/** Given or not. */
export interface FlagOption extends OptionBase {
  readonly type: 'flag';
}

export interface TextOption extends OptionBase {
  readonly type: 'text';
  /** How the help calls the value. */
  readonly value: string;
}

/** Alone, or with text after `=`. */
export interface OptionalTextOption extends OptionBase {
  readonly type: 'optional text';
  readonly value: string;
}

export interface NumberOption extends OptionBase {
  readonly type: 'number';
  readonly value: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly isWhole: boolean;
}

export type Option = FlagOption | TextOption | OptionalTextOption | NumberOption;

/** By long name. */
export type Options = Readonly<Record<string, Option>>;

type ValueOf<Each extends Option> = Each extends FlagOption
  ? boolean
  : Each extends TextOption
    ? string | undefined
    : Each extends OptionalTextOption
      ? string | boolean
      : number | undefined;

export type OptionValues<Every extends Options> = { readonly [Name in keyof Every]: ValueOf<Every[Name]> };

export type OptionReading<Every extends Options> =
  | { readonly ok: true; readonly values: OptionValues<Every>; readonly positionals: readonly string[] }
  | { readonly ok: false; readonly mistakes: readonly string[] };

/**
 * Reads arguments. A value may begin with a dash only after `=`, so that a forgotten value is not taken from the next option. The
 * text of an option that may stand alone needs no `=` where there is one argument more than `mostPositionals`.
 */
export function readOptions<Every extends Options>(
  args: readonly string[],
  options: Every,
  mostPositionals = Number.POSITIVE_INFINITY,
): OptionReading<Every> {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(Object.entries(options).map(([name, option]) => [name, parseArgsOption(option)])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const mistakes: string[] = [];
  const given = new Map<string, string | number | boolean>();
  const positionals: string[] = [];
  const count = tokens.filter(({ kind }) => kind === 'positional').length;
  let alone: string | undefined;
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (alone !== undefined && count === mostPositionals + 1) {
        given.set(alone, token.value);
      } else {
        positionals.push(token.value);
      }
      alone = undefined;
    } else if (token.kind === 'option') {
      const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
      const value = option === undefined ? unknownOption(token.rawName, options) : readValue(option, token);
      if (!value.ok) {
        mistakes.push(value.mistake);
      } else if (given.has(token.name)) {
        mistakes.push(`${token.rawName} is given twice`);
      }
      given.set(token.name, value.ok ? value.value : '');
      alone = option?.type === 'optional text' && token.value === undefined ? token.name : undefined;
    }
  }
  if (mistakes.length > 0) {
    return { ok: false, mistakes };
  }
  const values = Object.entries(options).map(([name, { type }]) => [name, given.get(name) ?? absentValue(type)]);
  return { ok: true, values: Object.fromEntries(values) as OptionValues<Every>, positionals };
}

function parseArgsOption({ type, short }: Option) {
  const kind = mayStandAlone(type) ? ('boolean' as const) : ('string' as const);
  return short === undefined ? { type: kind } : { type: kind, short };
}

function absentValue(type: Option['type']): false | undefined {
  return mayStandAlone(type) ? false : undefined;
}

function mayStandAlone(type: Option['type']): boolean {
  return type === 'flag' || type === 'optional text';
}

type ValueReading =
  | { readonly ok: true; readonly value: string | number | boolean }
  | { readonly ok: false; readonly mistake: string };

interface OptionToken {
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function unknownOption(rawName: string, options: Options): ValueReading {
  const near = closestWord(rawName.replace(/^-+/, ''), Object.keys(options));
  const hint = near === undefined ? '' : `; did you mean "--${near}"?`;
  return { ok: false, mistake: `there is no option ${rawName}${hint}` };
}

function readValue(option: Option, { rawName, value, inlineValue }: OptionToken): ValueReading {
  if (option.type === 'flag') {
    return value === undefined
      ? { ok: true, value: true }
      : { ok: false, mistake: `${rawName} takes no value, found "${value}"` };
  }
  if (option.type === 'optional text' && value === undefined) {
    return { ok: true, value: true };
  }
  const isForgotten = value === undefined || value === '' || (!inlineValue && /^-[^\d.]/.test(value));
  if (isForgotten) {
    return {
      ok: false,
      mistake: `${rawName} needs a value: ${rawName}${option.type === 'text' || option.type === 'number' ? ' ' : '='}${option.value}`,
    };
  }
  return option.type === 'number' ? readNumber(option, rawName, value) : { ok: true, value };
}

function readNumber({ minimum, maximum, isWhole }: NumberOption, rawName: string, text: string): ValueReading {
  const number = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  const fits = number >= minimum && number <= maximum && (!isWhole || Number.isInteger(number));
  const kind = isWhole ? 'a whole number' : 'a number';
  return fits
    ? { ok: true, value: number }
    : { ok: false, mistake: `${rawName}: found "${text}"; ${kind} from ${minimum} to ${maximum} fits` };
}
