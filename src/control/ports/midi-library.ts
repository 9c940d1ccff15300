// What is needed of a library for MIDI ports, and the one that is used.

/** One input of the program. */
export interface MidiInput {
  /** `delta`: seconds since the message before, by the driver's clock; 0 for the first. */
  on(event: 'message', listener: (delta: number, message: readonly number[]) => void): unknown;
  /** Whether to pass over system-exclusive messages, timing, and active sensing. */
  ignoreTypes(sysex: boolean, timing: boolean, activeSensing: boolean): void;
  /** Ports that others offer. */
  getPortCount(): number;
  /** Such as `Keystation 49:Keystation 49 MIDI 1 20:0`; empty for one that is gone. */
  getPortName(port: number): string;
  /** Throws for a port that is not there. */
  openPort(port: number): void;
  /** A port of our own, that other programs connect to; `isPortOpen` does not tell of it. */
  openVirtualPort(name: string): void;
  isPortOpen(): boolean;
  closePort(): void;
  /** Ends the input for good. */
  destroy(): void;
}

/** The face of `@julusian/midi`. Constructing an input throws where there is no MIDI system. */
export interface MidiLibrary {
  readonly Input: new () => MidiInput;
}

/** Loads `@julusian/midi`. Throws where its binary does not load, such as without the ALSA library. */
export function loadMidiLibrary(): Promise<MidiLibrary> {
  return import('@julusian/midi');
}
