// The MIDI inputs that a performance would play from, by name.

import { existsSync } from 'node:fs';
import { loadMidiLibrary } from '../control/ports/midi-library.js';
import { portsToOpen } from '../control/ports/midi-port-names.js';
import { noMidiSystem, sequencerPath } from '../control/ports/midi-ports.js';

export type MidiInputListing =
  | { readonly ok: true; readonly names: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** A list without names is no failure. */
export async function listMidiInputs(): Promise<MidiInputListing> {
  // The library would print what it misses.
  if (!existsSync(sequencerPath)) {
    return { ok: false, reason: noMidiSystem };
  }
  try {
    const { Input } = await loadMidiLibrary();
    const input = new Input();
    const names = Array.from({ length: input.getPortCount() }, (_, port) => input.getPortName(port));
    input.destroy();
    return { ok: true, names: portsToOpen(names, undefined).map(({ name }) => name) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
