// The UDP socket that OSC comes through.

import type { Socket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import type { DatagramSocket } from '../osc/datagram-socket.js';
import type { Endpoint } from '../osc/endpoint.js';

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
export async function openOscSocket(address: string, port: number): Promise<SocketOpening> {
  const numeric = address === 'localhost' ? '127.0.0.1' : address;
  const version = isIP(numeric);
  if (version === 0) {
    return failed('no_such_address', `${JSON.stringify(address)} is not an address; 127.0.0.1, ::1 or 0.0.0.0 fits`);
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    return failed('no_such_address', `${port} is not a UDP port; 0 to 65535 fits`);
  }
  const socket = createSocket(version === 4 ? 'udp4' : 'udp6');
  const error = await bind(socket, numeric, port);
  if (error !== undefined) {
    socket.close();
    return { ok: false, error: explain(error, version === 4 ? `${numeric}:${port}` : `[${numeric}]:${port}`) };
  }
  return { ok: true, socket: new UdpSocket(socket) };
}

function failed(code: SocketError['code'], message: string): SocketOpening {
  return { ok: false, error: { code, message } };
}

function bind(socket: Socket, address: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    socket.once('error', resolve);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', resolve);
      resolve(undefined);
    });
  });
}

function explain(error: NodeJS.ErrnoException, where: string): SocketError {
  switch (error.code) {
    case 'EADDRINUSE':
      return { code: 'in_use', message: `UDP ${where} is in use by another program; another --osc-port fits` };
    case 'EACCES':
    case 'EPERM':
      return { code: 'forbidden', message: `the system does not let us listen at UDP ${where}` };
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
      return { code: 'no_such_address', message: `this machine has no address to listen at UDP ${where}` };
    default:
      return { code: 'system', message: `cannot listen at UDP ${where}: ${error.message}` };
  }
}

class UdpSocket implements DatagramSocket {
  readonly local: Endpoint;
  readonly #socket: Socket;
  readonly #sent = (error?: Error | null) => {
    this.#unsent += error instanceof Error ? 1 : 0;
  };
  #listener: (bytes: Uint8Array, sender: Endpoint) => void = () => {};
  #unsent = 0;
  #isClosed = false;

  constructor(socket: Socket) {
    const { address, port } = socket.address();
    this.local = { address, port };
    this.#socket = socket;
    socket.on('message', (bytes, { address, port }) => this.#listener(bytes, { address, port }));
    // Errors of a socket that is open, such as an answer that nobody listened for, concern one datagram only.
    socket.on('error', this.#sent);
  }

  get unsent(): number {
    return this.#unsent;
  }

  onDatagram(listener: (bytes: Uint8Array, sender: Endpoint) => void): void {
    this.#listener = listener;
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    try {
      this.#socket.send(bytes, to.port, to.address, this.#sent);
    } catch (error) {
      // Port 0, which a forged datagram may come from, or a socket that has been closed.
      this.#sent(error as Error);
    }
  }

  close(): Promise<void> {
    if (this.#isClosed) {
      return Promise.resolve();
    }
    this.#isClosed = true;
    return new Promise((resolve) => this.#socket.close(resolve));
  }
}
