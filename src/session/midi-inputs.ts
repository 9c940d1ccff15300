// The MIDI inputs that a performance would play from, by name.

import { existsSync } from 'node:fs';
import { loadMidiLibrary } from '../control/ports/midi-library.js';
import { portsToOpen } from '../control/ports/midi-port-names.js';

export type MidiInputListing =
  | { readonly ok: true; readonly names: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** The kernel's MIDI sequencer; the library prints what it misses where this is not there. */
const sequencer = '/dev/snd/seq';

/** A list without names is no failure. */
export async function listMidiInputs(): Promise<MidiInputListing> {
  if (!existsSync(sequencer)) {
    return { ok: false, reason: `this machine has no MIDI system (there is no ${sequencer})` };
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
