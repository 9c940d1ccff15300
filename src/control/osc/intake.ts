// Datagrams -> messages in the order in which they are to be worked on, so that a flood of some never holds up others.
//
// Small datagrams are read when they arrive. Those with a note, a gate or a panic go past everything that waits; all others, and
// datagrams that are large to read, wait for the bounded work of a turn. What waits is bounded too, and the oldest gives way: of
// a fader that moves, the last position matters.

import { isUrgent } from './address-space.js';
import type { Endpoint } from './endpoint.js';
import type { OscMessage, OscPacket } from './packet.js';
import { parsePacket } from './parse-packet.js';
import { isPattern } from './pattern.js';
import { immediately } from './time-tag.js';

/** A message, when its datagram arrived (nanoseconds of CLOCK_MONOTONIC), and the time tag of its bundle. */
export interface ArrivedMessage {
  readonly message: OscMessage;
  readonly sender: Endpoint;
  readonly arrival: bigint;
  readonly timeTag: bigint;
}

interface Datagram {
  readonly sender: Endpoint;
  readonly arrival: bigint;
  readonly bytes: number;
  /** Read, or still to be read. */
  readonly content: readonly ArrivedMessage[] | Uint8Array;
}

/** Larger datagrams are read later: reading them may take as long as many notes. */
const largestReadAtOnce = 1024;

/** What waits at most. */
const mostWaiting = 1024;
const mostWaitingBytes = 1 << 20;

export class Intake {
  #waiting: Datagram[] = [];
  #taken = 0;
  #bytes = 0;
  /** Of the datagram that is being worked on. */
  #current: readonly ArrivedMessage[] = [];
  #next = 0;
  #malformed = 0;
  #dropped = 0;

  get malformed(): number {
    return this.#malformed;
  }

  /** Datagrams that gave way to others. */
  get dropped(): number {
    return this.#dropped;
  }

  get isWaiting(): boolean {
    return this.#next < this.#current.length || this.#taken < this.#waiting.length;
  }

  /** Takes a datagram in. Returns the messages that must be acted on before all that wait. */
  add(bytes: Uint8Array, sender: Endpoint, arrival: bigint): readonly ArrivedMessage[] {
    if (bytes.length > largestReadAtOnce) {
      this.#queue({ sender, arrival, bytes: bytes.length, content: bytes });
      return [];
    }
    const content = this.#read(bytes, sender, arrival);
    if (isUrgentDatagram(content)) {
      return content;
    }
    this.#queue({ sender, arrival, bytes: bytes.length, content });
    return [];
  }

  /** The next message of those that wait. */
  take(): ArrivedMessage | undefined {
    while (this.#next >= this.#current.length) {
      const datagram = this.#waiting[this.#taken];
      if (datagram === undefined) {
        this.#waiting = [];
        this.#taken = 0;
        return undefined;
      }
      this.#taken++;
      this.#bytes -= datagram.bytes;
      const { content, sender, arrival } = datagram;
      this.#current = content instanceof Uint8Array ? this.#read(content, sender, arrival) : content;
      this.#next = 0;
    }
    return this.#current[this.#next++];
  }

  #read(bytes: Uint8Array, sender: Endpoint, arrival: bigint): readonly ArrivedMessage[] {
    const reading = parsePacket(bytes);
    if (!reading.ok) {
      this.#malformed++;
      return [];
    }
    const messages: ArrivedMessage[] = [];
    collect(reading.packet, immediately, (message, timeTag) => messages.push({ message, sender, arrival, timeTag }));
    return messages;
  }

  #queue(datagram: Datagram): void {
    if (datagram.content.length === 0) {
      return;
    }
    this.#waiting.push(datagram);
    this.#bytes += datagram.bytes;
    while (this.#waiting.length - this.#taken > mostWaiting || this.#bytes > mostWaitingBytes) {
      this.#bytes -= this.#waiting[this.#taken]?.bytes ?? 0;
      this.#taken++;
      this.#dropped++;
    }
    if (this.#taken >= mostWaiting) {
      this.#waiting = this.#waiting.slice(this.#taken);
      this.#taken = 0;
    }
  }
}

function collect(packet: OscPacket, timeTag: bigint, add: (message: OscMessage, timeTag: bigint) => void): void {
  if (packet.type === 'message') {
    add(packet, timeTag);
    return;
  }
  for (const element of packet.elements) {
    collect(element, packet.timeTag, add);
  }
}

/** Whether some message must not be delayed, and none is a pattern, which takes longer to look up. */
function isUrgentDatagram(messages: readonly ArrivedMessage[]): boolean {
  return (
    messages.some(({ message }) => isUrgent(message)) && !messages.some(({ message }) => isPattern(message.address))
  );
}
