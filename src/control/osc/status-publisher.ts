// Tells the subscribers the status, ten times a second while there are any.

import type { DatagramSocket } from './datagram-socket.js';
import type { Endpoint } from './endpoint.js';
import type { StatusReport } from './status-feed.js';
import { encodeStatus } from './status-feed.js';
import { mostSubscribers, Subscribers } from './subscribers.js';

const periodMilliseconds = 100;

export class StatusPublisher {
  readonly #socket: DatagramSocket;
  readonly #status: () => StatusReport;
  readonly #now: () => bigint;
  readonly #subscribers = new Subscribers();
  #timer: NodeJS.Timeout | undefined;

  /** `now`: nanoseconds of CLOCK_MONOTONIC. */
  constructor(socket: DatagramSocket, status: () => StatusReport, now: () => bigint) {
    this.#socket = socket;
    this.#status = status;
    this.#now = now;
  }

  /** How many there are. */
  get subscribers(): number {
    return this.#subscribers.present(this.#now()).length;
  }

  /** Adds or renews; returns why it could not. */
  subscribe(endpoint: Endpoint): string | undefined {
    if (isSame(endpoint, this.#socket.local)) {
      return `${nameOf(endpoint)} is this server itself`;
    }
    if (!this.#subscribers.add(endpoint, this.#now())) {
      return `${mostSubscribers} have subscribed already, and no more fit`;
    }
    this.#timer ??= setInterval(() => this.#publish(), periodMilliseconds);
    return undefined;
  }

  /** Ends a subscription; returns why it could not. */
  unsubscribe(endpoint: Endpoint): string | undefined {
    return this.#subscribers.remove(endpoint) ? undefined : `${nameOf(endpoint)} has not subscribed`;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #publish(): void {
    const endpoints = this.#subscribers.present(this.#now());
    if (endpoints.length === 0) {
      this.close();
      return;
    }
    const packets = encodeStatus(this.#status());
    for (const endpoint of endpoints) {
      for (const packet of packets) {
        this.#socket.send(packet, endpoint);
      }
    }
  }
}

function nameOf({ address, port }: Endpoint): string {
  return `${address}:${port}`;
}

/** Whether datagrams to an endpoint would come back; a socket of every address has every address of the machine. */
function isSame(endpoint: Endpoint, local: Endpoint): boolean {
  const isLoopback = endpoint.address === '::1' || endpoint.address.replace(/^::ffff:/, '').startsWith('127.');
  const isEvery = local.address === '0.0.0.0' || local.address === '::';
  return endpoint.port === local.port && (endpoint.address === local.address || (isEvery && isLoopback));
}
