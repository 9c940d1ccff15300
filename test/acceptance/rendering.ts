// Renders patches that a test writes: file -> patch -> plan -> streamer -> WAV, in this process.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MidiEvent } from 'midi-file';
import { writeMidi } from 'midi-file';
import { renderToFile } from '../../src/session/render.js';
import type { Signal } from '../measure/level.js';
import type { Sound } from '../measure/wav.js';
import { readWav } from '../measure/wav.js';

export const sampleRate = 48_000;

/** What a patch file holds; `amp` is added. */
export interface PatchText {
  readonly nodes: Readonly<Record<string, object>>;
  readonly edges: readonly object[];
}

/** A note of a MIDI file. */
export interface PlayedNote {
  readonly note: number;
  readonly frame: number;
  /** From note-on to note-off. */
  readonly frames: number;
  /** MIDI's: 1 to 127. */
  readonly velocity?: number;
}

/** Renders a patch, or the patch of a path, for so many seconds, with notes if it has any. */
export async function render(
  patch: PatchText | string,
  { seconds, notes }: { readonly seconds: number; readonly notes?: readonly PlayedNote[] },
): Promise<Sound> {
  const folder = await mkdtemp(join(tmpdir(), 'amp-live-'));
  try {
    const patchPath = typeof patch === 'string' ? patch : join(folder, 'patch.jsonc');
    const outputPath = join(folder, 'rendered.wav');
    const midiPath = notes === undefined ? undefined : join(folder, 'notes.mid');
    if (typeof patch !== 'string') {
      await writeFile(patchPath, JSON.stringify({ amp: 1, ...patch }, null, 2));
    }
    if (midiPath !== undefined) {
      await writeFile(midiPath, midiBytes(notes ?? []));
    }
    const settings = { block: 64, workers: 1, sampleRate };
    const rendering = await renderToFile({ patchPath, outputPath, midiPath, seconds, ...settings });
    if (!rendering.ok) {
      throw new Error(JSON.stringify(rendering.failure, null, 2));
    }
    return readWav(await readFile(outputPath));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The samples of one channel from frame to frame. */
export function samplesOf(sound: Sound, channel: number, begin = 0, end = sound.frames): Signal {
  const samples = sound.channels[channel];
  if (samples === undefined) {
    throw new Error(`there are ${sound.channels.length} channels, none of number ${channel}`);
  }
  return samples.subarray(begin, end);
}

/** A MIDI file in which a tick is a frame: 24000 ticks a beat of half a second. */
function midiBytes(notes: readonly PlayedNote[]): Uint8Array {
  const ticksPerBeat = sampleRate / 2;
  const messages = notes.flatMap(({ note, frame, frames, velocity = 100 }) => [
    { frame, type: 'noteOn' as const, channel: 0, noteNumber: note, velocity },
    { frame: frame + frames, type: 'noteOff' as const, channel: 0, noteNumber: note, velocity: 0 },
  ]);
  messages.sort((a, b) => a.frame - b.frame);
  let now = 0;
  const track: MidiEvent[] = messages.map(({ frame, ...message }) => {
    const deltaTime = frame - now;
    now = frame;
    return { deltaTime, ...message };
  });
  track.push({ deltaTime: 0, type: 'endOfTrack' });
  return Uint8Array.from(writeMidi({ header: { format: 0, numTracks: 1, ticksPerBeat }, tracks: [track] }));
}
