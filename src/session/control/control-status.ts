// What the control thread tells about itself.

export interface MidiPortStatus {
  readonly name: string;
  readonly isConnected: boolean;
  /** Messages since the start, also those that mean nothing to the patch. */
  readonly messages: number;
}

export interface MidiStatus {
  readonly available: boolean;
  /** Why not. */
  readonly reason?: string;
  readonly ports: readonly MidiPortStatus[];
  /** In words, such as `note 60 on, velocity 100`. */
  readonly lastMessage?: string;
}

export interface OscStatus {
  readonly isOpen: boolean;
  readonly address: string;
  readonly port: number;
  /** Why it is not open. */
  readonly reason?: string;
  readonly packets: number;
  readonly malformed: number;
  readonly dropped: number;
  readonly subscribers: number;
  readonly lastAddress?: string;
}

export interface PlayerStatus {
  /** Of the MIDI file. */
  readonly path: string;
  /** `finished`: it came to its end. `stopped`: somebody played, or panicked. */
  readonly state: 'playing' | 'finished' | 'stopped';
  readonly isLooping: boolean;
  /** Where it is in the file. */
  readonly seconds: number;
  /** Of the whole file. */
  readonly length: number;
}

export interface JournalStatus {
  readonly path: string;
  /** Events written. */
  readonly events: number;
  /** Why no more is written. */
  readonly error?: string;
}

/** A snapshot of the control thread. Missing MIDI or OSC stops nothing; it is told here in words. */
export interface ControlStatus {
  readonly midi: MidiStatus;
  readonly osc: OscStatus;
  /** Without a MIDI file there is none. */
  readonly player?: PlayerStatus;
  /** Without a journal there is none. */
  readonly journal?: JournalStatus;
  readonly notes: {
    /** Keys and notes that are down: of MIDI ports, OSC, computer keys and the player. */
    readonly held: number;
  };
}
