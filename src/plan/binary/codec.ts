// The building blocks of the format. A codec writes, reads and describes one kind of field; a record is an ordered table of
// fields, so that encoder, decoder and documentation cannot disagree.

import type { Extent, Frames, Plan, PlanValue } from '../plan.js';
import { longestFrames, planUnits } from '../plan.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';

/** One kind of field. */
export interface Codec<T> {
  /** How the documentation names it. */
  readonly notation: string;
  /** Fewest bytes that a value can take; lets a list refuse an impossible count before it allocates. */
  readonly minimumSize: number;
  /** The records that a value contains, for the documentation. */
  readonly records: readonly RecordLayout[];
  readonly write: (writer: ByteWriter, value: T) => void;
  readonly read: (reader: ByteReader) => T;
}

/** A record as the documentation shows it. */
export interface RecordLayout {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly notation: string; readonly meaning: string }[];
  readonly records: readonly RecordLayout[];
}

function plain<T>(notation: string, minimumSize: number, write: Codec<T>['write'], read: Codec<T>['read']): Codec<T> {
  return { notation, minimumSize, records: [], write, read };
}

export const u32 = plain<number>(
  'u32',
  4,
  (writer, value) => writer.u32(value),
  (reader) => reader.u32(),
);

export const u64 = plain<number>(
  'u64',
  8,
  (writer, value) => writer.u64(value),
  (reader) => reader.u64(),
);

export const f64 = plain<number>(
  'f64',
  8,
  (writer, value) => writer.f64(value),
  (reader) => reader.f64(),
);

export const text = plain<string>(
  'str',
  4,
  (writer, value) => writer.text(value),
  (reader) => reader.text(),
);

export const flag = choice([false, true], 'u8 (0 no, 1 yes)');

/** A whole number of frames. */
export const frames = plain<Frames>(
  'frames (u64)',
  8,
  (writer, value) => writer.u64(value, longestFrames),
  (reader) => reader.u64(longestFrames),
);

/** Frames, or the largest u64. */
export const extent = plain<Extent>(
  'frames (u64) or ENDLESS',
  8,
  (writer, value) => (value === 'endless' ? writer.u64Endless() : writer.u64(value, longestFrames)),
  (reader) => reader.u64OrEndless(longestFrames),
);

/** One of a few words, stored as its place among them. */
export function choice<const T>(words: readonly T[], notation?: string): Codec<T> {
  const legend = words.map((word, code) => `${code} ${String(word)}`).join(', ');
  return plain<T>(
    notation ?? `u8 (${legend})`,
    1,
    (writer, word) => writer.u8(words.indexOf(word)),
    (reader) => {
      const offset = reader.position;
      const code = reader.u8();
      const word = words[code];
      return word === undefined ? reader.fail(`expected one of ${legend}, found ${code}`, offset) : word;
    },
  );
}

const unit = choice(planUnits);

/** A number with its unit. */
export const value = plain<PlanValue>(
  'value',
  9,
  (writer, { number, unit: written }) => {
    writer.f64(number);
    unit.write(writer, written);
  },
  (reader) => ({ number: reader.f64(), unit: unit.read(reader) }),
);

/** The tables that an index may point into. */
export type Table = 'nodes' | 'edges' | 'components' | 'gates' | 'voiceGroups';

const nothing = 0xffff_ffff;

function indexFault(table: Table, index: number, plan: Plan): string | null {
  const count = plan[table].length;
  return index < count ? null : `expected an index below ${count} (the number of ${snakeCase(table)}), found ${index}`;
}

/** A place in one of the plan's tables. */
export function index(table: Table): Codec<number> {
  return checked({ ...u32, notation: `u32 (index of ${snakeCase(table)})` }, (found, plan) =>
    indexFault(table, found, plan),
  );
}

/** A place in one of the plan's tables, or NONE. */
export function indexOrNone(table: Table): Codec<number | null> {
  const optional = plain<number | null>(
    `u32 (index of ${snakeCase(table)}) or NONE`,
    4,
    (writer, found) => writer.u32(found ?? nothing),
    (reader) => {
      const found = reader.u32();
      return found === nothing ? null : found;
    },
  );
  return checked(optional, (found, plan) => (found === null ? null : indexFault(table, found, plan)));
}

/**
 * A codec whose values must also fit the rest of the plan. `fault` says how one does not; `subject` is what it speaks of, else
 * the field that is being read.
 */
export function checked<T>(
  codec: Codec<T>,
  fault: (value: T, plan: Plan) => string | null,
  subject?: string,
): Codec<T> {
  return {
    ...codec,
    read: (reader) => {
      const offset = reader.position;
      const speaksOf = subject ?? reader.subject;
      const found = codec.read(reader);
      reader.defer({ offset, subject: speaksOf, check: (plan) => fault(found, plan) });
      return found;
    },
  };
}

/** Any number of items behind their count. */
export function list<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    notation: `list of ${item.notation}`,
    minimumSize: 4,
    records: item.records,
    write: (writer, items) => {
      writer.u32(items.length);
      for (const each of items) {
        item.write(writer, each);
      }
    },
    read: (reader) => {
      const count = reader.count(item.minimumSize);
      const items: T[] = [];
      for (let read = 0; read < count; read += 1) {
        items.push(item.read(reader));
      }
      return items;
    },
  };
}

/** The fields of a record in the order of their bytes, each with what it means. */
export type Fields<T> = { readonly [Name in keyof T]-?: readonly [codec: Codec<T[Name]>, meaning: string] };

/** Several fields one after another. */
export function record<T extends object>(name: string, fields: Fields<T>): Codec<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  const layout: RecordLayout = {
    name,
    fields: names.map((field) => {
      const [codec, meaning] = fields[field];
      return { name: snakeCase(field), notation: codec.notation, meaning };
    }),
    records: names.flatMap((field) => fields[field][0].records),
  };
  const subjects = new Map(names.map((field) => [field, `${name}.${snakeCase(field)}`]));
  return {
    notation: name,
    minimumSize: names.reduce((sum, field) => sum + fields[field][0].minimumSize, 0),
    records: [layout],
    write: (writer, source) => {
      for (const field of names) {
        fields[field][0].write(writer, source[field]);
      }
    },
    read: (reader) => {
      const target: Partial<T> = {};
      for (const field of names) {
        reader.subject = subjects.get(field) ?? name;
        target[field] = fields[field][0].read(reader);
      }
      return target as T;
    },
  };
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
