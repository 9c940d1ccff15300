// Walks the tree of a patch text against the schema, one object at a time, and goes on after each mistake.
import type { Node } from 'jsonc-parser';
import { findNodeAtLocation } from 'jsonc-parser';
import type { z } from 'zod';
import { describeFound } from './describe.js';
import type { SourceSpan } from './diagnostic.js';
import type { Report } from './report.js';
import { didYouMean, listWords } from './suggestion.js';

/** One key of an object, and its value unless a mistake of form, told elsewhere, has swallowed it. */
export interface Property {
  readonly name: string;
  readonly key: Node;
  readonly value: Node | undefined;
}

/** `"cutoff" of low (svf)`: a key of what a message is about; at the top there is nothing to name. */
export function keyOf(subject: string, key: string): string {
  const name = describeFound(key);
  return subject === '' ? name : `${name} of ${subject}`;
}

/** The properties of an object, each name once; a name that stands there again is reported. */
export function readProperties(report: Report, object: Node, subject: string): readonly Property[] {
  const first = new Map<string, Property>();
  for (const child of object.children ?? []) {
    const [key, value] = child.children ?? [];
    if (key === undefined) {
      continue;
    }
    const name = String(key.value);
    const earlier = first.get(name);
    if (earlier === undefined) {
      first.set(name, { name, key, value });
    } else {
      report.add(
        key,
        `${keyOf(subject, name)} stands here again; it was first written in line ${report.lineOf(earlier.key)}`,
      );
    }
  }
  return [...first.values()];
}

/** The plain value of a node of the tree. What stands inside of objects is left out: they are read by an `ObjectReader`. */
export function plainValue(node: Node): unknown {
  switch (node.type) {
    case 'array':
      return node.children?.map(plainValue) ?? [];
    case 'object':
      return {};
    default:
      return node.value;
  }
}

/** Checks one value; mistakes are reported where they stand, and then there is no value. */
export function readLeaf<Schema extends z.ZodType>(
  report: Report,
  schema: Schema,
  node: Node,
  subject: string,
): z.output<Schema> | undefined {
  const reading = schema.safeParse(plainValue(node));
  if (reading.success) {
    return reading.data;
  }
  for (const issue of reading.error.issues) {
    report.add(findNodeAtLocation(node, [...issue.path].map(pathStep)) ?? node, `${subject}: ${issue.message}`);
  }
  return undefined;
}

function pathStep(step: PropertyKey): string | number {
  return typeof step === 'number' ? step : String(step);
}

/** Reports a value that is not an object. */
export function isObject(report: Report, node: Node, subject: string, example: string): boolean {
  if (node.type !== 'object') {
    report.add(node, `${subject}: found ${describeFound(plainValue(node))}; an object fits, such as ${example}`);
  }
  return node.type === 'object';
}

/** The elements of an array; anything else is reported and has none. */
export function readElements(report: Report, node: Node, subject: string): readonly Node[] {
  if (node.type === 'array') {
    return node.children ?? [];
  }
  report.add(node, `${subject}: found ${describeFound(plainValue(node))}; an array [ … ] fits`);
  return [];
}

/** Reads the keys of one object by the schema's fields. Creating it reports unknown and repeated keys. */
export class ObjectReader<Shape extends z.core.$ZodLooseShape> {
  readonly #report: Report;
  readonly #shape: Shape;
  readonly #object: Node;
  readonly #subject: string;
  readonly #properties: ReadonlyMap<string, Property>;

  /** `subject` is what messages are about, '' for the patch itself; `kind` is what owns the keys, as in "svf knows no …". */
  constructor(report: Report, schema: z.ZodObject<Shape>, object: Node, subject: string, kind: string) {
    this.#report = report;
    this.#shape = schema.shape;
    this.#object = object;
    this.#subject = subject;
    const properties = readProperties(report, object, subject);
    this.#properties = new Map(properties.map((property) => [property.name, property]));
    const known = Object.keys(schema.shape);
    for (const { name, key } of properties) {
      if (!known.includes(name)) {
        const near = didYouMean(name, known);
        const fitting = near === '' ? `; it knows ${listWords(known)}` : near;
        report.add(
          key,
          `${subject === '' || subject === kind ? '' : `${subject}: `}${kind} knows no ${describeFound(name)}${fitting}`,
        );
      }
    }
  }

  /** The value's place in the tree, if the key is there. */
  value(key: string): Node | undefined {
    return this.#properties.get(key)?.value;
  }

  /** Where the key's value stands, else where the object begins. */
  span(key: string): SourceSpan {
    return this.#properties.get(key)?.value ?? this.#object;
  }

  /** Where the key itself stands, else where the object begins. */
  keySpan(key: string): SourceSpan {
    return this.#properties.get(key)?.key ?? this.#object;
  }

  has(key: string): boolean {
    return this.#properties.has(key);
  }

  /** A field that has to be there; `undefined` after a mistake, which is reported. `example` shows one that fits. */
  required<Key extends keyof Shape & string>(key: Key, example: string): z.output<Shape[Key]> | undefined {
    const property = this.#properties.get(key);
    if (property === undefined) {
      this.#report.add(this.#object, `${keyOf(this.#subject, key)} is missing; ${example} fits`);
    }
    return property?.value === undefined ? undefined : this.#read(key, property.value);
  }

  /** A field that may be missing: then, and after a mistake, which is reported, what the schema puts in its place. */
  optional<Key extends keyof Shape & string>(key: Key): z.output<Shape[Key]> {
    const node = this.value(key);
    const found = node === undefined ? undefined : this.#read(key, node);
    return found ?? this.#shape[key].parse(undefined);
  }

  #read<Key extends keyof Shape & string>(key: Key, node: Node): z.output<Shape[Key]> | undefined {
    return readLeaf(this.#report, this.#shape[key], node, keyOf(this.#subject, key));
  }
}
