// Plan -> bytes.

import { crc32 } from 'node:zlib';
import type { Plan } from '../plan.js';
import { planVersion } from '../plan.js';
import { ByteWriter } from './byte-writer.js';
import { endTag, header, magic, parts, sections } from './layout.js';

/**
 * The binary form of a plan (docs/plan_format.md). Equal plans give equal bytes. Throws `RangeError` for a value that its
 * field cannot hold, which `compilePlan` never produces.
 */
export function encodePlan(plan: Plan): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writer.raw(magic);
  writer.u32(planVersion);
  writer.u32(0); // checksum, known at the end
  writer.u64(0); // total length, likewise
  for (const part of parts) {
    writeSection(writer, plan, part);
  }
  writeTag(writer, endTag);
  writer.u32(0);

  const bytes = new Uint8Array(writer.written());
  const view = new DataView(bytes.buffer);
  view.setBigUint64(header.totalLength, BigInt(bytes.length), true);
  view.setUint32(header.checksum, crc32(bytes.subarray(header.totalLength)), true);
  return bytes;
}

function writeSection<Part extends keyof Plan>(writer: ByteWriter, plan: Plan, part: Part): void {
  const { tag, codec } = sections[part];
  writeTag(writer, tag);
  const lengthPosition = writer.position;
  writer.u32(0);
  const start = writer.position;
  codec.write(writer, plan[part]);
  writer.patchU32(lengthPosition, writer.position - start);
}

function writeTag(writer: ByteWriter, tag: string): void {
  writer.raw(Uint8Array.from(tag, (character) => character.charCodeAt(0)));
}
