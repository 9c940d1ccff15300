// The binary form of synth definitions, version 2. Source: SuperCollider's help, 'Synth Definition File Format'.
// All numbers are big-endian and packed; text is a byte of length and as many bytes.

import type { Input, Parameter, Rate, SynthDefinition, UnitGenerator } from './synth-definition.js';
import { rates } from './synth-definition.js';

const fileType = 'SCgf';
const fileVersion = 2;
/** Stands for the index of a unit generator where an input is a constant. */
const constantInput = -1;

class ByteWriter {
  readonly #chunks: Buffer[] = [];

  int8(value: number): void {
    const chunk = Buffer.alloc(1);
    chunk.writeInt8(value);
    this.#chunks.push(chunk);
  }

  int16(value: number): void {
    const chunk = Buffer.alloc(2);
    chunk.writeInt16BE(value);
    this.#chunks.push(chunk);
  }

  int32(value: number): void {
    const chunk = Buffer.alloc(4);
    chunk.writeInt32BE(value);
    this.#chunks.push(chunk);
  }

  float32(value: number): void {
    const chunk = Buffer.alloc(4);
    chunk.writeFloatBE(value);
    this.#chunks.push(chunk);
  }

  ascii(text: string): void {
    this.#chunks.push(Buffer.from(text, 'latin1'));
  }

  text(text: string): void {
    if (text.length > 255) {
      throw new RangeError(`"${text}" is longer than 255 characters`);
    }
    this.#chunks.push(Buffer.from([text.length]));
    this.ascii(text);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

/** The bytes of a file that holds these definitions, as the server's command /d_recv takes them. */
export function encodeSynthDefinitions(definitions: readonly SynthDefinition[]): Buffer {
  const writer = new ByteWriter();
  writer.ascii(fileType);
  writer.int32(fileVersion);
  writer.int16(definitions.length);
  for (const definition of definitions) {
    encodeDefinition(writer, definition);
  }
  return writer.bytes();
}

function encodeDefinition(writer: ByteWriter, { name, parameters, units }: SynthDefinition): void {
  const constants = constantsOf(units);
  writer.text(name);
  writer.int32(constants.size);
  for (const constant of constants.keys()) {
    writer.float32(constant);
  }
  writer.int32(parameters.length);
  for (const { value } of parameters) {
    writer.float32(value);
  }
  writer.int32(parameters.length);
  for (const [index, parameter] of parameters.entries()) {
    writer.text(parameter.name);
    writer.int32(index);
  }
  writer.int32(units.length);
  for (const unit of units) {
    encodeUnit(writer, unit, constants);
  }
  writer.int16(0); // variants
}

/** Each constant once, with its index in the table. */
function constantsOf(units: readonly UnitGenerator[]): ReadonlyMap<number, number> {
  const constants = new Map<number, number>();
  for (const input of units.flatMap(({ inputs }) => inputs)) {
    if (typeof input === 'number' && !constants.has(input)) {
      constants.set(input, constants.size);
    }
  }
  return constants;
}

function encodeUnit(writer: ByteWriter, unit: UnitGenerator, constants: ReadonlyMap<number, number>): void {
  writer.text(unit.className);
  writer.int8(rates.indexOf(unit.rate));
  writer.int32(unit.inputs.length);
  writer.int32(unit.outputs.length);
  writer.int16(unit.specialIndex);
  for (const input of unit.inputs) {
    if (typeof input === 'number') {
      writer.int32(constantInput);
      writer.int32(constants.get(input) ?? 0);
    } else {
      writer.int32(input.unit);
      writer.int32(input.output);
    }
  }
  for (const rate of unit.outputs) {
    writer.int8(rates.indexOf(rate));
  }
}

class ByteReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get offset(): number {
    return this.#offset;
  }

  get atEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#advance(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#advance(4));
  }

  float32(): number {
    return this.#bytes.readFloatBE(this.#advance(4));
  }

  ascii(length: number): string {
    const start = this.#advance(length);
    return this.#bytes.toString('latin1', start, start + length);
  }

  text(): string {
    return this.ascii(this.#bytes.readUInt8(this.#advance(1)));
  }

  /** As many as `count` says, each read by `read`. */
  list<Item>(count: number, read: () => Item): Item[] {
    return Array.from({ length: count }, read);
  }

  #advance(length: number): number {
    const start = this.#offset;
    if (start + length > this.#bytes.length) {
      throw new RangeError(`cut short at byte ${start}: ${length} more were to come`);
    }
    this.#offset = start + length;
    return start;
  }
}

/** The definitions of a file of version 2 without variants. Throws a RangeError that names the byte at fault. */
export function decodeSynthDefinitions(bytes: Buffer): readonly SynthDefinition[] {
  const reader = new ByteReader(bytes);
  expectField(reader, 'file type', reader.ascii(4), fileType);
  expectField(reader, 'version', reader.int32(), fileVersion);
  const definitions = reader.list(reader.int16(), () => decodeDefinition(reader));
  expectField(reader, 'end', reader.atEnd, true);
  return definitions;
}

function expectField<Value>(reader: ByteReader, field: string, found: Value, expected: Value): void {
  if (found !== expected) {
    throw new RangeError(`before byte ${reader.offset}: ${field} is ${found}, not ${expected}`);
  }
}

function decodeDefinition(reader: ByteReader): SynthDefinition {
  const name = reader.text();
  const constants = reader.list(reader.int32(), () => reader.float32());
  const values = reader.list(reader.int32(), () => reader.float32());
  const parameters = reader.list(reader.int32(), () => decodeParameter(reader, values));
  const units = reader.list(reader.int32(), () => decodeUnit(reader, constants));
  expectField(reader, 'count of variants', reader.int16(), 0);
  return { name, parameters, units };
}

function decodeParameter(reader: ByteReader, values: readonly number[]): Parameter {
  const name = reader.text();
  return { name, value: elementAt(reader, 'parameter', values, reader.int32()) };
}

function decodeUnit(reader: ByteReader, constants: readonly number[]): UnitGenerator {
  const className = reader.text();
  const rate = decodeRate(reader);
  const inputCount = reader.int32();
  const outputCount = reader.int32();
  const specialIndex = reader.int16();
  const inputs = reader.list(inputCount, (): Input => {
    const unit = reader.int32();
    const output = reader.int32();
    return unit === constantInput ? elementAt(reader, 'constant', constants, output) : { unit, output };
  });
  const outputs = reader.list(outputCount, () => decodeRate(reader));
  return { className, rate, inputs, outputs, specialIndex };
}

function decodeRate(reader: ByteReader): Rate {
  return elementAt(reader, 'rate', rates, reader.int8());
}

function elementAt<Item>(reader: ByteReader, what: string, items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) {
    throw new RangeError(`before byte ${reader.offset}: there is no ${what} ${index}`);
  }
  return item;
}
