// The MIDI inputs of the machine: opened by name, polled since nothing tells when they come and go, and opened again.

import { ArrivalClock } from '../arrival.js';
import type { MidiMessage } from '../midi-message.js';
import type { MidiInput, MidiLibrary } from './midi-library.js';
import { loadMidiLibrary } from './midi-library.js';
import type { PortName } from './midi-port-names.js';
import { portsToOpen } from './midi-port-names.js';

/** What other programs see as the port to send to. */
export const virtualPortName = 'amp-live';

export interface MidiPortsOptions {
  /** Names, or parts of names, of the ports to open; without it all but "Midi Through". */
  readonly wanted?: readonly string[] | undefined;
  /** Whether the machine has a MIDI system; without one the library is never asked, since it would print what it misses. */
  readonly hasMidiSystem: () => boolean;
  readonly loadLibrary?: () => Promise<MidiLibrary>;
  /** Nanoseconds of CLOCK_MONOTONIC. */
  readonly now: () => bigint;
  /** A message of whatever kind; `port` names who sent it, `arrival` is never later than now. */
  readonly onMessage: (port: string, message: MidiMessage, arrival: bigint) => void;
  /** A port went away: what it holds is to be let go. */
  readonly onLost: (port: string) => void;
  /** A sentence for the performer. */
  readonly onNotice: (text: string) => void;
}

export interface MidiPortsStatus {
  readonly available: boolean;
  readonly reason?: string;
  readonly ports: readonly { readonly name: string; readonly isConnected: boolean; readonly messages: number }[];
}

/** A port that is or was open. Of two ports with one name the second is called `NAME (2)`. */
interface Port {
  readonly label: string;
  readonly name: string;
  fullName: string;
  input: MidiInput | undefined;
  messages: number;
  hasBeenOpen: boolean;
  /** That it does not open was told. */
  isRefused: boolean;
}

/** The kernel's MIDI sequencer: where it is not, there is no MIDI. */
export const sequencerPath = '/dev/snd/seq';

/** Why there is no MIDI where the sequencer is not. */
export const noMidiSystem = `this machine has no MIDI system (there is no ${sequencerPath})`;

/** Call `poll` twice a second or so. No failure ends anything: `status` says what is missing. */
export class MidiPorts {
  readonly #options: MidiPortsOptions;
  readonly #ports: Port[] = [];
  #library: MidiLibrary | undefined;
  /** Also tells which ports there are. */
  readonly #virtual = makePort(virtualPortName, virtualPortName, virtualPortName);
  #reason: string | undefined = noMidiSystem;
  #isClosed = false;
  #isPolling = false;

  constructor(options: MidiPortsOptions) {
    this.#options = options;
  }

  /** Looks which ports came and went. Never rejects. */
  async poll(): Promise<void> {
    if (this.#isPolling || this.#isClosed) {
      return;
    }
    this.#isPolling = true;
    try {
      await this.#look();
    } catch (error) {
      this.#miss(error instanceof Error ? error.message : String(error));
    } finally {
      this.#isPolling = false;
    }
  }

  status(): MidiPortsStatus {
    const ports = this.#virtual.hasBeenOpen ? [this.#virtual, ...this.#ports] : this.#ports;
    return {
      available: this.#reason === undefined,
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
      ports: ports.map(({ label, input, messages }) => ({ name: label, isConnected: input !== undefined, messages })),
    };
  }

  /** Closes every port. */
  close(): void {
    this.#isClosed = true;
    for (const port of [...this.#ports, this.#virtual]) {
      closeInput(port);
    }
  }

  async #look(): Promise<void> {
    const { hasMidiSystem, loadLibrary = loadMidiLibrary, wanted } = this.#options;
    if (!hasMidiSystem()) {
      this.#miss(noMidiSystem);
      return;
    }
    this.#library ??= await loadLibrary();
    if (this.#isClosed) {
      return;
    }
    const watcher = this.#virtual.input ?? this.#openVirtualPort(this.#library);
    if (watcher === undefined) {
      return;
    }
    const names = Array.from({ length: watcher.getPortCount() }, (_, port) => watcher.getPortName(port));
    const found = portsToOpen(names, wanted);
    this.#reason = undefined;
    this.#loseAllBut(found);
    for (const port of found) {
      if (!this.#ports.some(({ input, fullName }) => input !== undefined && fullName === port.fullName)) {
        this.#openFound(this.#library, port);
      }
    }
  }

  /** The MIDI system is not there, or not any more. */
  #miss(reason: string): void {
    this.#reason = reason;
    this.#loseAllBut([]);
    if (this.#virtual.input !== undefined) {
      this.#lose(this.#virtual);
    }
  }

  #loseAllBut(found: readonly PortName[]): void {
    for (const port of this.#ports) {
      if (port.input !== undefined && !found.some(({ fullName }) => fullName === port.fullName)) {
        this.#lose(port);
      }
    }
  }

  #lose(port: Port): void {
    closeInput(port);
    this.#options.onLost(port.label);
    this.#options.onNotice(`MIDI: ${port.label} is gone; what it held is released`);
  }

  #openFound(library: MidiLibrary, found: PortName): void {
    const known = this.#ports.find(({ input, name }) => input === undefined && name === found.name);
    const port = known ?? this.#addPort(found);
    port.fullName = found.fullName;
    const isBack = port.hasBeenOpen;
    const reason = this.#open(library, port, (input) => {
      // The list may have changed since it was read.
      if (input.getPortName(found.index) !== found.fullName) {
        return false;
      }
      input.openPort(found.index);
      return input.isPortOpen();
    });
    if (reason === undefined) {
      this.#options.onNotice(`MIDI: ${port.label} ${isBack ? 'is back' : 'plays'}`);
    } else if (!port.isRefused) {
      port.isRefused = true;
      this.#options.onNotice(`MIDI: ${port.label} cannot be opened: ${reason}`);
    }
  }

  #addPort({ name, fullName }: PortName): Port {
    const same = this.#ports.filter((port) => port.name === name).length;
    const label = same === 0 ? name : `${name} (${same + 1})`;
    const port = makePort(label, name, fullName);
    this.#ports.push(port);
    return port;
  }

  /** Other programs can send to it, whatever ports the machine has. */
  #openVirtualPort(library: MidiLibrary): MidiInput | undefined {
    const reason = this.#open(library, this.#virtual, (input) => {
      input.openVirtualPort(virtualPortName);
      return true;
    });
    if (reason !== undefined) {
      this.#miss(reason);
    }
    return this.#virtual.input;
  }

  /** Why the port is not open; nothing if it is. */
  #open(library: MidiLibrary, port: Port, connect: (input: MidiInput) => boolean): string | undefined {
    let input: MidiInput | undefined;
    let reason = 'the system did not open it';
    try {
      input = new library.Input();
      // Clock ticks are counted as a sign of life; system-exclusive messages and active sensing say nothing.
      input.ignoreTypes(true, false, true);
      input.on('message', this.#listener(port));
      if (connect(input)) {
        port.input = input;
        port.hasBeenOpen = true;
        port.isRefused = false;
        return undefined;
      }
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    destroy(input);
    return reason;
  }

  #listener(port: Port): (delta: number, message: readonly number[]) => void {
    const clock = new ArrivalClock();
    return (delta, [status, first = 0, second = 0]) => {
      if (status === undefined || this.#isClosed) {
        return;
      }
      port.messages += 1;
      const arrival = clock.arrival(delta, this.#options.now());
      this.#options.onMessage(port.label, [status, first, second], arrival);
    };
  }
}

function makePort(label: string, name: string, fullName: string): Port {
  return { label, name, fullName, input: undefined, messages: 0, hasBeenOpen: false, isRefused: false };
}

function closeInput(port: Port): void {
  const { input } = port;
  port.input = undefined;
  try {
    input?.closePort();
  } catch {
    // A port whose device is gone may refuse; it is closed all the same.
  }
  destroy(input);
}

function destroy(input: MidiInput | undefined): void {
  try {
    input?.destroy();
  } catch {
    // Nothing is left to do with it.
  }
}
