// Which bound keys, wheels and pressures of each MIDI port are away from rest.

import type { MidiMessage } from '../../control/midi-message.js';
import { statusOf } from '../../control/midi-message.js';

const wheelAtRest = [0, 64] as const;

export class BoundPositions {
  /** By port, then by what rests: the message that brings it to rest. */
  readonly #ports = new Map<string, Map<string, MidiMessage>>();

  /** Keeps account of a message that moved a control. Controllers stay where they are put. */
  add(port: string, [status, first, second]: MidiMessage): void {
    const channel = status & 0x0f;
    switch (status & 0xf0) {
      case statusOf.noteOn:
        this.#set(port, [statusOf.noteOff + channel, first, 0], `note ${first}`, second > 0);
        return;
      case statusOf.noteOff:
        this.#set(port, [statusOf.noteOff + channel, first, 0], `note ${first}`, false);
        return;
      case statusOf.channelAftertouch:
        this.#set(port, [statusOf.channelAftertouch + channel, 0, 0], 'pressure', first > 0);
        return;
      case statusOf.pitchBend: {
        const isAway = first !== wheelAtRest[0] || second !== wheelAtRest[1];
        this.#set(port, [statusOf.pitchBend + channel, ...wheelAtRest], 'bend', isAway);
        return;
      }
    }
  }

  /** The messages that bring to rest what a port has moved. The port is forgotten. */
  release(port: string): readonly MidiMessage[] {
    const messages = [...(this.#ports.get(port)?.values() ?? [])];
    this.#ports.delete(port);
    return messages;
  }

  #set(port: string, rest: MidiMessage, what: string, isAway: boolean): void {
    const away = this.#ports.get(port) ?? new Map<string, MidiMessage>();
    this.#ports.set(port, away);
    if (isAway) {
      away.set(what, rest);
    } else {
      away.delete(what);
    }
  }
}
