// Bytes -> plan. Trusts nothing: not the lengths, not the counts, not the references.

import { crc32 } from 'node:zlib';
import type { Plan } from '../plan.js';
import { planVersion } from '../plan.js';
import { ByteReader, MalformedPlan } from './byte-reader.js';
import { endTag, header, magic, parts, sections } from './layout.js';

/** Why bytes are not a plan, and where. */
export interface DecodeError {
  /** In bytes from the start. */
  readonly offset: number;
  readonly message: string;
}

export type DecodeResult =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly error: DecodeError };

/** Reads what `encodePlan` wrote; anything else is refused with the offset and what was expected there. */
export function decodePlan(bytes: Uint8Array): DecodeResult {
  try {
    return { ok: true, plan: readPlan(bytes) };
  } catch (error) {
    if (error instanceof MalformedPlan) {
      return { ok: false, error: { offset: error.offset, message: error.message } };
    }
    throw error;
  }
}

function readPlan(bytes: Uint8Array): Plan {
  const reader = new ByteReader(bytes);
  readHeader(reader, bytes);
  const plan: Partial<Plan> = {};
  for (const part of parts) {
    readSection(reader, plan, part);
  }
  readTag(reader, endTag);
  reader.beginSection(reader.u32());
  reader.endSection();
  if (reader.remaining > 0) {
    reader.fail(`expected the end of the plan, found ${reader.remaining} more bytes`);
  }
  const whole = plan as Plan;
  reader.runDeferred(whole);
  return whole;
}

function readHeader(reader: ByteReader, bytes: Uint8Array): void {
  const found = reader.raw(magic.length);
  if (!magic.every((byte, at) => byte === found[at])) {
    reader.fail('expected the eight bytes "AMPPLAN\\0"', 0);
  }
  const version = reader.u32();
  if (version !== planVersion) {
    reader.fail(`expected version ${planVersion}, found ${version}`, header.version);
  }
  const checksum = reader.u32();
  const totalLength = reader.u64();
  if (totalLength !== bytes.length) {
    reader.fail(`expected a total length of ${bytes.length} bytes, found ${totalLength}`, header.totalLength);
  }
  const actual = crc32(bytes.subarray(header.totalLength));
  if (checksum !== actual) {
    reader.fail(`expected the checksum ${hexadecimal(actual)}, found ${hexadecimal(checksum)}`, header.checksum);
  }
}

function readSection<Part extends keyof Plan>(
  reader: ByteReader,
  plan: { -readonly [Each in keyof Plan]?: Plan[Each] },
  part: Part,
): void {
  const { tag, codec } = sections[part];
  readTag(reader, tag);
  reader.beginSection(reader.u32());
  plan[part] = codec.read(reader);
  reader.subject = tag;
  reader.endSection();
}

function readTag(reader: ByteReader, tag: string): void {
  reader.subject = tag;
  const offset = reader.position;
  const found = String.fromCharCode(...reader.raw(tag.length));
  if (found !== tag) {
    reader.fail(`expected the tag "${tag}", found ${JSON.stringify(found)}`, offset);
  }
}

function hexadecimal(checksum: number): string {
  return `0x${checksum.toString(16).padStart(8, '0')}`;
}
