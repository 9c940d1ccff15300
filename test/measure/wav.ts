// Reads WAV files of 32-bit floats, by the format's own description and nothing of ours.

/** What a file says: samples of each channel. */
export interface Sound {
  readonly sampleRate: number;
  readonly channels: readonly Float32Array[];
  /** In each channel. */
  readonly frames: number;
}

const floatFormat = 3;

/** Reads a RIFF file with the chunks `fmt ` and `data`; throws with what is wrong. */
export function readWav(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || name(0) !== 'RIFF' || name(8) !== 'WAVE') {
    throw new Error('not a RIFF file of type WAVE');
  }
  if (view.getUint32(4, true) !== bytes.length - 8) {
    throw new Error(`RIFF announces ${view.getUint32(4, true)} bytes, ${bytes.length - 8} follow`);
  }
  let format: { readonly channels: number; readonly sampleRate: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    const content = at + 8;
    if (name(at) === 'fmt ') {
      if (view.getUint16(content, true) !== floatFormat || view.getUint16(content + 14, true) !== 32) {
        throw new Error('not 32-bit floats');
      }
      format = { channels: view.getUint16(content + 2, true), sampleRate: view.getUint32(content + 4, true) };
    } else if (name(at) === 'data') {
      if (format === undefined) {
        throw new Error('samples before their format');
      }
      return { sampleRate: format.sampleRate, ...split(view, content, length, format.channels) };
    }
    at = content + length + (length % 2);
  }
  throw new Error('no samples');
}

function split(view: DataView, begin: number, length: number, count: number): Pick<Sound, 'channels' | 'frames'> {
  const frames = length / (4 * count);
  if (!Number.isInteger(frames)) {
    throw new Error(`${length} bytes are not whole frames of ${count} channels`);
  }
  const channels = Array.from({ length: count }, (_, channel) =>
    Float32Array.from({ length: frames }, (_, frame) => view.getFloat32(begin + 4 * (frame * count + channel), true)),
  );
  return { channels, frames };
}
