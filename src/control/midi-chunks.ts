// The outermost layer of a Standard MIDI File: a header, and chunks that may hold tracks.

import { MalformedMidiFile } from './midi-file-error.js';

/** What one tick is. */
export type MidiDivision =
  | { readonly type: 'musical'; readonly ticksPerQuarter: number }
  | {
      readonly type: 'timecode';
      /** A fraction, since 29.97 frames a second are 30000/1001. */
      readonly framesPerSecond: readonly [numerator: number, denominator: number];
      readonly ticksPerFrame: number;
    };

export interface MidiChunk {
  /** Of the chunk's first byte in the file. */
  readonly offset: number;
  /** The whole chunk: name, length and content. */
  readonly bytes: Uint8Array;
}

export interface MidiChunks {
  readonly division: MidiDivision;
  readonly tracks: readonly MidiChunk[];
}

const chunkHeaderLength = 8;
const leastHeaderContent = 6;

/** Splits a file into its tracks. Chunks of unknown names are passed over, as the standard asks. Throws `MalformedMidiFile`. */
export function splitMidiChunks(file: Uint8Array): MidiChunks {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const header = readChunk(file, view, 0);
  if (nameOf(header) !== 'MThd' || header.bytes.length < chunkHeaderLength + leastHeaderContent) {
    throw new MalformedMidiFile(0, `expected the header of a MIDI file, "MThd" and 6 bytes, found ${found(header)}`);
  }
  const content = chunkHeaderLength;
  const format = view.getUint16(content);
  const announced = view.getUint16(content + 2);
  const division = readDivision(view.getUint16(content + 4), content + 4);
  if (format > 1) {
    const why = format === 2 ? 'its tracks are pieces of their own; save the one to play as format 0 or 1' : '';
    throw new MalformedMidiFile(content, `format ${format}: 0 and 1 can be played${why === '' ? '' : `; ${why}`}`);
  }
  const tracks: MidiChunk[] = [];
  for (let offset = header.bytes.length; offset < file.length; ) {
    const chunk = readChunk(file, view, offset);
    if (nameOf(chunk) === 'MTrk') {
      tracks.push(chunk);
    }
    offset += chunk.bytes.length;
  }
  if (tracks.length < Math.max(announced, 1)) {
    throw new MalformedMidiFile(file.length, `expected ${Math.max(announced, 1)} tracks, found ${tracks.length}`);
  }
  return { division, tracks };
}

function readChunk(file: Uint8Array, view: DataView, offset: number): MidiChunk {
  const left = file.length - offset;
  if (left < chunkHeaderLength) {
    throw new MalformedMidiFile(offset, `expected a chunk of at least ${chunkHeaderLength} bytes, found ${left} bytes`);
  }
  const length = view.getUint32(offset + 4);
  const chunk = { offset, bytes: file.subarray(offset, offset + chunkHeaderLength + length) };
  if (offset === 0 && nameOf(chunk) !== 'MThd') {
    throw new MalformedMidiFile(0, `expected the header of a MIDI file, "MThd", found ${found(chunk)}`);
  }
  if (length > left - chunkHeaderLength) {
    const rest = left - chunkHeaderLength;
    throw new MalformedMidiFile(offset, `${found(chunk)} announces ${length} bytes, but ${rest} are left in the file`);
  }
  return chunk;
}

function nameOf({ bytes }: MidiChunk): string {
  return String.fromCharCode(...bytes.subarray(0, 4));
}

/** The chunk's name as it can be printed. */
function found(chunk: MidiChunk): string {
  return JSON.stringify(nameOf(chunk));
}

function readDivision(word: number, offset: number): MidiDivision {
  if ((word & 0x8000) === 0) {
    if (word === 0) {
      throw new MalformedMidiFile(offset, 'a division of 0 ticks a quarter note; 1 to 32767 fit');
    }
    return { type: 'musical', ticksPerQuarter: word };
  }
  const rate = 256 - (word >> 8);
  const ticksPerFrame = word & 0xff;
  const framesPerSecond = timecodeRates.get(rate);
  if (framesPerSecond === undefined || ticksPerFrame === 0) {
    const what = `a division of ${rate} frames a second and ${ticksPerFrame} ticks a frame`;
    throw new MalformedMidiFile(offset, `${what}; 24, 25, 29 (29.97) or 30 frames and 1 to 255 ticks fit`);
  }
  return { type: 'timecode', framesPerSecond, ticksPerFrame };
}

const timecodeRates: ReadonlyMap<number, readonly [number, number]> = new Map([
  [24, [24, 1]],
  [25, [25, 1]],
  [29, [30_000, 1001]],
  [30, [30, 1]],
]);
