// Reads a WAV file after the standard's text, without our writer.

import { readFileSync } from 'node:fs';

export interface WavContent {
  readonly formatCode: number;
  readonly channels: number;
  readonly sampleRate: number;
  readonly bytesPerSecond: number;
  readonly blockAlign: number;
  readonly bitsPerSample: number;
  /** Of the chunk `fact`. */
  readonly frames: number;
  readonly samples: Float32Array;
}

export function readWav(path: string): WavContent {
  const bytes = new Uint8Array(readFileSync(path));
  const view = new DataView(bytes.buffer);
  const name = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (name(0) !== 'RIFF' || name(8) !== 'WAVE' || view.getUint32(4, true) !== bytes.length - 8) {
    throw new Error(`${path} is not a RIFF file of ${bytes.length} bytes`);
  }
  const chunks = new Map<string, DataView>();
  for (let at = 12; at < bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    chunks.set(name(at), new DataView(bytes.buffer, at + 8, length));
    at += 8 + length + (length % 2);
  }
  const format = chunks.get('fmt ');
  const fact = chunks.get('fact');
  const data = chunks.get('data');
  if (format === undefined || fact === undefined || data === undefined) {
    throw new Error(`${path} has the chunks ${[...chunks.keys()]}`);
  }
  const samples = Float32Array.from({ length: data.byteLength / 4 }, (_, index) => data.getFloat32(index * 4, true));
  return {
    formatCode: format.getUint16(0, true),
    channels: format.getUint16(2, true),
    sampleRate: format.getUint32(4, true),
    bytesPerSecond: format.getUint32(8, true),
    blockAlign: format.getUint16(12, true),
    bitsPerSample: format.getUint16(14, true),
    frames: fact.getUint32(0, true),
    samples,
  };
}
