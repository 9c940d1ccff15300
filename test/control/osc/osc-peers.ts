// Real peers of the OSC server: liblo's oscsend and oscdump, and a plain UDP socket.

import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { promisify } from 'node:util';
import { AddressSpace } from '../../../src/control/osc/address-space.js';
import type { CommandTime, OscCommand } from '../../../src/control/osc/command.js';
import { OscServer } from '../../../src/control/osc/osc-server.js';
import type { OscPacket } from '../../../src/control/osc/packet.js';
import { parsePacket } from '../../../src/control/osc/parse-packet.js';
import { openOscSocket } from '../../../src/control/ports/osc-socket.js';

const run = promisify(execFile);

/** Ends peers and servers of a test. */
export type Closing = () => Promise<unknown> | unknown;

/** Waits until a value is there. */
export async function eventually<T>(find: () => T | undefined | false, what: string): Promise<T> {
  const end = performance.now() + 20_000;
  while (performance.now() < end) {
    const found = find();
    if (found !== undefined && found !== false) {
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`waited in vain for ${what}`);
}

export interface Performed {
  readonly command: OscCommand;
  readonly time: CommandTime;
  /** When it was performed, in nanoseconds of CLOCK_MONOTONIC. */
  readonly at: bigint;
}

/** A server on a free port of the loopback. Every command is one event; sequences count from 1. */
export async function startServer(
  space: AddressSpace,
  { onPerformed = () => {} }: { readonly onPerformed?: (each: Performed) => void } = {},
) {
  const opening = await openOscSocket('127.0.0.1', 0);
  if (!opening.ok) {
    throw new Error(opening.error.message);
  }
  const performed: Performed[] = [];
  const server = new OscServer({
    socket: opening.socket,
    space,
    perform: (command, time) => {
      const each = { command, time, at: process.hrtime.bigint() };
      performed.push(each);
      onPerformed(each);
      return { ok: true, sequences: [performed.length] };
    },
    frame: () => 4_800_000_000,
    status: () => ({ load: [0.25, 0.5], device: ['test device'], clock: [4_800_000_000n] }),
  });
  return { server, performed, port: opening.socket.local.port };
}

/** Runs oscsend; `words` are its address, types and values. */
export async function oscsend(port: number, ...words: readonly string[]): Promise<void> {
  await run('oscsend', ['127.0.0.1', String(port), ...words]);
}

/** Starts oscdump at a free port and collects the lines that it prints. */
export async function startOscdump(): Promise<{ port: number; lines: readonly string[]; close: Closing }> {
  const port = await freePort();
  const lines: string[] = [];
  const child: ChildProcess = spawn('oscdump', ['-L', String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n').filter(Boolean)));
  const close = () =>
    new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve).kill() : resolve(0)));
  const probe = createSocket('udp4');
  // It listens once it prints what we send.
  await eventually(() => {
    probe.send(Buffer.from('/up\0,\0\0\0'), port, '127.0.0.1');
    return lines.some((line) => line.includes('/up'));
  }, 'oscdump to listen');
  probe.close();
  return { port, lines, close };
}

async function freePort(): Promise<number> {
  const opening = await openOscSocket('127.0.0.1', 0);
  if (!opening.ok) {
    throw new Error(opening.error.message);
  }
  const { port } = opening.socket.local;
  await opening.socket.close();
  return port;
}

/** A socket that sends bytes to a server and keeps what comes back. */
export async function openPeer(port: number) {
  const socket = createSocket('udp4');
  const received: OscPacket[] = [];
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  socket.on('message', (bytes) => {
    const reading = parsePacket(bytes);
    if (reading.ok) {
      received.push(reading.packet);
    }
  });
  return {
    received,
    port: socket.address().port,
    send: (bytes: Uint8Array) => new Promise<void>((resolve) => socket.send(bytes, port, '127.0.0.1', () => resolve())),
    close: () => new Promise<void>((resolve) => socket.close(resolve)),
  };
}

/** A small patch. */
export function smallSpace(): AddressSpace {
  return new AddressSpace({
    nodes: [
      {
        id: 'low',
        parameters: [
          { name: 'cutoff', minimum: 20, maximum: 20_000 },
          { name: 'gain', minimum: 0, maximum: 1 },
        ],
      },
      {
        id: 'high',
        parameters: [
          { name: 'cutoff', minimum: 20, maximum: 20_000 },
          { name: 'gain', minimum: 0, maximum: 4 },
        ],
      },
      { id: 'amp', parameters: [{ name: 'gain', minimum: 0, maximum: 0.99 }] },
    ],
    gates: ['drop'],
    controls: ['/pad/cutoff', '/low/gain'],
  });
}
