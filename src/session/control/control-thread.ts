// The main thread's side of the control thread, in which MIDI, OSC, keys, the MIDI file and the journal live.

import type { StatusReport } from '../../control/osc/status-feed.js';
import type { Failed } from '../failure.js';
import type { ControlStatus } from './control-status.js';

export type { StatusReport } from '../../control/osc/status-feed.js';
export type { ControlStatus } from './control-status.js';

export interface ControlThreadOptions {
  /** Of the `LiveStreamer` that plays the plan. */
  readonly handle: number;
  /** The patch that the plan was compiled from, for its controls. */
  readonly patch: { readonly path: string; readonly text: string };
  /** Frames in a second, for which the plan was compiled. */
  readonly sampleRate: number;
  /** A MIDI file to play until the first live note. */
  readonly midiPath?: string | undefined;
  /** Whether the MIDI file begins anew at its end. */
  readonly loop: boolean;
  /** Names, or parts of names, of the MIDI inputs to open; without it all but "Midi Through". */
  readonly midiPorts?: readonly string[] | undefined;
  /** 0: any that is free; `null`: no OSC. */
  readonly oscPort: number | null;
  /** The address to listen at, such as 127.0.0.1. */
  readonly oscBind: string;
  readonly journal?:
    | {
        readonly path: string;
        /** As the engine loaded it. */
        readonly plan: Uint8Array;
        readonly workers: number;
      }
    | undefined;
}

export interface ControlEnding {
  /** Of the journal, if one was written: events, and why it is not whole. */
  readonly journal?: { readonly path: string; readonly events: number; readonly error?: string } | undefined;
}

export interface ControlThread {
  /** A key of the computer was pressed: a character, or one of `namedKeys`. */
  key(name: string): void;
  /** Releases all notes and pedals, and stops the MIDI file. */
  panic(): void;
  /** What OSC subscribers are to be told from now on. */
  report(status: StatusReport): void;
  /** The last snapshot. */
  status(): ControlStatus;
  /** Called with each snapshot, some 20 a second. The last one called for holds. */
  onStatus(callback: (status: ControlStatus) => void): void;
  /** Called with sentences for the performer, such as that a MIDI port came back. */
  onNotice(callback: (text: string) => void): void;
  /** Ends the thread. `frames` is the length of the performance in stream frames, which the journal ends with. */
  stop(frames: number): Promise<ControlEnding>;
}

export type ControlThreadStart = { readonly ok: true; readonly thread: ControlThread } | Failed;
