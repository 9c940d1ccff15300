// Who gets the status, and for how long.

import type { Endpoint } from './endpoint.js';

/** At most so many at once. */
export const mostSubscribers = 16;

/** Whoever does not subscribe again is forgotten after this time. */
export const subscriptionNanoseconds = 60_000_000_000n;

export type DestinationReading =
  | { readonly ok: true; readonly endpoint: Endpoint }
  | { readonly ok: false; readonly message: string };

/**
 * Where a message of `sender` wants the status sent: `HOST:PORT`, `[IPv6]:PORT`, or a port, or nothing for the sender itself.
 * The host must be the sender's own, or one message could aim a stream of others at somebody who never asked.
 */
export function readDestination(destination: string | number | undefined, sender: Endpoint): DestinationReading {
  if (destination === undefined) {
    return { ok: true, endpoint: sender };
  }
  const text = String(destination);
  const colon = text.lastIndexOf(':');
  const host = colon < 0 ? '' : text.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  const digits = text.slice(colon + 1);
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > 65_535) {
    return refuse(`${JSON.stringify(text.slice(0, 60))} is no destination; "${sender.address}:PORT" fits`);
  }
  if (host !== '' && !isHostOf(sender, host)) {
    return refuse(`${JSON.stringify(host.slice(0, 60))} is not the host that asks; "${sender.address}:${port}" fits`);
  }
  return { ok: true, endpoint: { address: sender.address, port } };
}

function refuse(message: string): DestinationReading {
  return { ok: false, message };
}

function isHostOf(sender: Endpoint, host: string): boolean {
  const address = sender.address.replace(/^::ffff:/, '');
  const isLoopback = address === '127.0.0.1' || address === '::1';
  return host === address || host === sender.address || (isLoopback && host === 'localhost');
}

/** Subscribers by address and port. Times are nanoseconds of CLOCK_MONOTONIC. */
export class Subscribers {
  readonly #ends = new Map<string, { readonly endpoint: Endpoint; readonly end: bigint }>();

  /** Adds or renews; false when there are too many others. */
  add(endpoint: Endpoint, now: bigint): boolean {
    this.#forget(now);
    const key = keyOf(endpoint);
    if (!this.#ends.has(key) && this.#ends.size >= mostSubscribers) {
      return false;
    }
    this.#ends.set(key, { endpoint, end: now + subscriptionNanoseconds });
    return true;
  }

  /** False when there was none. */
  remove(endpoint: Endpoint): boolean {
    return this.#ends.delete(keyOf(endpoint));
  }

  present(now: bigint): readonly Endpoint[] {
    this.#forget(now);
    return [...this.#ends.values()].map(({ endpoint }) => endpoint);
  }

  #forget(now: bigint): void {
    for (const [key, { end }] of this.#ends) {
      if (end <= now) {
        this.#ends.delete(key);
      }
    }
  }
}

function keyOf({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}
