// A flood of datagrams from another program, and notes amidst it.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { AddressSpace } from '../../src/control/osc/address-space.js';
import { bundleBytes, messageBytes } from '../control/osc/osc-bytes.js';
import { eventually, openPeer, startServer } from '../control/osc/osc-peers.js';

const children: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(
    children.splice(0).map((child) => new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL'))),
  );
});

/**
 * Sends a datagram some 20,000 times a second, until it is killed. Beyond what the system can hand over at all it drops
 * datagrams, notes among them, before anybody reads them: that would say nothing about delays.
 */
const flooder = `
  const [port, bytes] = [Number(process.argv[1]), Buffer.from(process.argv[2], 'base64')];
  const socket = require('node:dgram').createSocket('udp4');
  const start = performance.now();
  let sent = 0;
  setInterval(() => {
    for (const due = (performance.now() - start) * 20; sent < due; sent++) socket.send(bytes, port, '127.0.0.1');
  }, 1);
`;

function start(program: string, ...words: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ['-e', program, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

const nodes = Array.from({ length: 100 }, (_, index) => ({
  id: `node_number_${index}`,
  parameters: ['cutoff', 'resonance', 'gain'].map((name) => ({ name, minimum: 0, maximum: 1 })),
}));
const i = (value: number) => ({ type: 'i', value }) as const;
const move = messageBytes('/node_number_7/gain', { type: 'f', value: 0.5 });

const floods: readonly (readonly [string, Uint8Array])[] = [
  ['nothing at all', Buffer.alloc(0)],
  ['parameters', move],
  ['patterns that are slow to match', messageBytes(`/${'*[a-z_]'.repeat(8)}9/*`, { type: 'f', value: 0.5 })],
  ['large bundles', bundleBytes(1n, ...Array.from({ length: 600 }, () => move))],
  ['garbage', Buffer.from('garbage!')],
];

/**
 * Milliseconds that this process may work between the sending of a note and its performance, for 95 of 100 notes. What other programs
 * do meanwhile does not count, so a busy machine changes nothing. A server that works on all that comes before takes seconds.
 */
const generous = 50;

/** The work of this process so far, in milliseconds. */
function work(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

test.each(floods)('notes amidst %s are performed at once', async (name, bytes) => {
  const sent: { readonly work: number; readonly at: bigint }[] = [];
  const delays: { readonly work: number; readonly wall: number }[] = [];
  const { server, performed, port } = await startServer(new AddressSpace({ nodes, gates: [], controls: [] }), {
    onPerformed: ({ command, at }) => {
      // A socket that overflows loses notes, so each is found by its number.
      const from = command.type === 'note' ? sent[(command.channel - 1) * 128 + command.note] : undefined;
      if (from !== undefined) {
        delays.push({ work: work() - from.work, wall: Number(at - from.at) / 1e6 });
      }
    },
  });
  if (bytes.length > 0) {
    start(flooder, String(port), Buffer.from(bytes).toString('base64'));
    await eventually(() => server.counts().packets > 500, 'the flood');
  }
  const player = await openPeer(port);
  let applied = 0;
  const look = setInterval(() => {
    // As the engine does: each event acts within milliseconds, and is answered.
    for (; applied < performed.length; applied++) {
      server.applied(applied + 1, applied);
    }
    if (sent.length < 2048) {
      const [channel, note] = [1 + (sent.length >> 7), sent.length % 128];
      sent.push({ work: work(), at: process.hrtime.bigint() });
      player.send(messageBytes('/note', i(channel), i(note), { type: 'f', value: 0.5 }));
    }
  }, 5);
  await eventually(() => delays.length >= 100, 'a hundred notes');
  clearInterval(look);
  await player.close();
  await server.close();
  const figures = (['work', 'wall'] as const).map((kind) => {
    const sorted = delays.map((each) => each[kind]).sort((a, b) => a - b);
    const share = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? Number.POSITIVE_INFINITY;
    return { kind, median: share(0.5), most: share(0.95), longest: share(1) };
  });
  const told = `${name}: ${JSON.stringify(figures)}; ${delays.length} of ${sent.length} notes came through`;
  expect(figures[0]?.most, told).toBeLessThan(generous);
});
