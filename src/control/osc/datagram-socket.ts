// What the OSC server needs of a UDP socket.

import type { Endpoint } from './endpoint.js';

/** An open socket. */
export interface DatagramSocket {
  /** Where it listens: the port that the system gave. */
  readonly local: Endpoint;
  /** Calls `listener` with each datagram; the last one called for holds. The bytes belong to the listener. */
  onDatagram(listener: (bytes: Uint8Array, sender: Endpoint) => void): void;
  /** Sends, or forgets it where the system cannot; never throws. */
  send(bytes: Uint8Array, to: Endpoint): void;
  /** Datagrams that the system refused to send. */
  readonly unsent: number;
  close(): Promise<void>;
}
