// Datagrams -> messages in the order in which they are to be worked on, so that a flood of some never holds up others.
//
// A small datagram that may hold a note, a gate or a panic is read when it arrives and goes past everything that waits. All others are
// not even read until the bounded work of a turn comes to them: what the system keeps for us is a queue too, and a note in it
// waits for us to take in what came before. What waits is bounded; the oldest gives way: of a fader that moves, the last position matters.

import { isUrgent, urgentAddresses } from './address-space.js';
import { DatagramTime } from './datagram-time.js';
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
  /** Shared by all messages of a datagram. */
  readonly datagram: DatagramTime;
}

interface Datagram {
  readonly bytes: Uint8Array;
  readonly sender: Endpoint;
  readonly arrival: bigint;
}

const slash = 0x2f;
const hash = 0x23;
const urgentBeginnings = urgentAddresses.map((address) => Buffer.from(address));

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
    if (bytes[0] !== slash && bytes[0] !== hash) {
      this.#malformed++;
      return [];
    }
    const datagram = { bytes, sender, arrival };
    if (bytes.length <= largestReadAtOnce && mayBeUrgent(bytes)) {
      const messages = this.#read(datagram);
      if (messages.length === 0 || isUrgentBundle(messages)) {
        return messages;
      }
    }
    this.#queue(datagram);
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
      this.#bytes -= datagram.bytes.length;
      this.#current = this.#read(datagram);
      this.#next = 0;
    }
    return this.#current[this.#next++];
  }

  #read({ bytes, sender, arrival }: Datagram): readonly ArrivedMessage[] {
    const reading = parsePacket(bytes);
    if (!reading.ok) {
      this.#malformed++;
      return [];
    }
    const messages: ArrivedMessage[] = [];
    const datagram = new DatagramTime();
    collect(reading.packet, immediately, (message, timeTag) => {
      messages.push({ message, sender, arrival, timeTag, datagram });
    });
    return messages;
  }

  #queue(datagram: Datagram): void {
    this.#waiting.push(datagram);
    this.#bytes += datagram.bytes.length;
    while (this.#waiting.length - this.#taken > mostWaiting || this.#bytes > mostWaitingBytes) {
      this.#bytes -= this.#waiting[this.#taken]?.bytes.length ?? 0;
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

/** Whether the bytes may hold a message that must not be delayed; quicker than reading them. */
function mayBeUrgent(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return urgentBeginnings.some((beginning) =>
    bytes[0] === slash ? buffer.subarray(0, beginning.length).equals(beginning) : buffer.includes(beginning),
  );
}

/** Whether some message must not be delayed, and none is a pattern, which takes longer to look up. */
function isUrgentBundle(messages: readonly ArrivedMessage[]): boolean {
  return (
    messages.some(({ message }) => isUrgent(message)) && !messages.some(({ message }) => isPattern(message.address))
  );
}
