// The UDP socket that OSC comes through.

import type { DatagramSocket } from '../osc/datagram-socket.js';

/** Why there is no socket. */
export interface SocketError {
  readonly code: 'in_use' | 'forbidden' | 'no_such_address' | 'system';
  /** A sentence that names address and port. */
  readonly message: string;
}

export type SocketOpening =
  | { readonly ok: true; readonly socket: DatagramSocket }
  | { readonly ok: false; readonly error: SocketError };

/** Binds a numeric address, or `localhost`, and a port; port 0 takes any that is free. Never throws. */
export declare function openOscSocket(address: string, port: number): Promise<SocketOpening>;
