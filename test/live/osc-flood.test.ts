// A flood of datagrams from another program, and notes amidst it.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { AddressSpace } from '../../src/control/osc/address-space.js';
import { bundleBytes, messageBytes } from '../control/osc/osc-bytes.js';
import type { Performed } from '../control/osc/osc-peers.js';
import { eventually, startServer } from '../control/osc/osc-peers.js';

const children: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(
    children.splice(0).map((child) => new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL'))),
  );
});

/** Sends a datagram again and again, as fast as it can, until it is killed. */
const flooder = `
  const [port, bytes] = [Number(process.argv[1]), Buffer.from(process.argv[2], 'base64')];
  const socket = require('node:dgram').createSocket('udp4');
  const send = () => { for (let i = 0; i < 32; i++) socket.send(bytes, port, '127.0.0.1'); setImmediate(send); };
  send();
`;

/** Sends a note every 5 ms, whose number counts up, and prints when it sent each, in nanoseconds of CLOCK_MONOTONIC. */
const player = `
  const port = Number(process.argv[1]);
  const socket = require('node:dgram').createSocket('udp4');
  let count = 0;
  setInterval(() => {
    const bytes = Buffer.from('/note\\0\\0\\0,iif\\0\\0\\0\\0\\0\\0\\0\\x01\\0\\0\\0\\0\\0\\0\\0\\0', 'latin1');
    bytes.writeInt32BE(1 + (count >> 7) % 16, 16);
    bytes.writeInt32BE(count % 128, 20);
    bytes.writeFloatBE(0.5, 24);
    console.log(count++ + ' ' + process.hrtime.bigint());
    socket.send(bytes, port, '127.0.0.1');
  }, 5);
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
const move = messageBytes('/node_number_7/gain', { type: 'f', value: 0.5 });

const floods: readonly (readonly [string, Uint8Array])[] = [
  ['nothing at all', Buffer.alloc(0)],
  ['parameters', move],
  ['patterns that are slow to match', messageBytes(`/${'*[a-z_]'.repeat(8)}9/*`, { type: 'f', value: 0.5 })],
  ['large bundles', bundleBytes(1n, ...Array.from({ length: 600 }, () => move))],
  ['garbage', Buffer.from('garbage!')],
];

/** Milliseconds by which a note may be late on a busy machine; a flood without bounds costs seconds. */
const generous = 100;

test.each(floods)('notes amidst %s are performed at once', async (name, bytes) => {
  const { server, performed, port } = await startServer(new AddressSpace({ nodes, gates: [], controls: [] }));
  let seen = 0;
  const notes: Performed[] = [];
  const look = setInterval(() => {
    // As the engine does: each event acts within milliseconds, and is answered.
    for (; seen < performed.length; seen++) {
      const each = performed[seen];
      if (each?.command.type === 'note') {
        notes.push(each);
      }
      server.applied(seen + 1, seen);
    }
  }, 5);
  if (bytes.length > 0) {
    start(flooder, String(port), Buffer.from(bytes).toString('base64'));
    await eventually(() => server.counts().packets > 500, 'the flood');
  }
  const sentAt: bigint[] = [];
  start(player, String(port))
    .stdout?.setEncoding('utf8')
    .on('data', (text: string) => {
      for (const line of text.split('\n').filter(Boolean)) {
        sentAt.push(BigInt(line.split(' ')[1] ?? 0));
      }
    });
  await eventually(() => notes.length >= 100, 'a hundred notes');
  clearInterval(look);
  // A socket that overflows loses notes, so each is found by its number.
  const delays = delaysOf(
    notes.map(({ command, at }) => ({
      number: command.type === 'note' ? (command.channel - 1) * 128 + command.note : 0,
      at,
    })),
    sentAt,
  );
  delays.sort((a, b) => a - b);
  const share = (part: number) => delays[Math.floor(part * (delays.length - 1))] ?? Number.POSITIVE_INFINITY;
  const figures =
    `${name}: median ${share(0.5).toFixed(2)} ms, 95% ${share(0.95).toFixed(2)} ms, longest ${share(1).toFixed(2)} ms; ` +
    `${delays.length} of ${sentAt.length} notes, ${server.counts().packets} datagrams`;
  await server.close();
  expect(share(0.95), figures).toBeLessThan(generous);
});

function delaysOf(
  notes: readonly { readonly number: number; readonly at: bigint }[],
  sentAt: readonly bigint[],
): number[] {
  const delays: number[] = [];
  let index = 0;
  for (const { number, at } of notes) {
    while (index < sentAt.length && index % 2048 !== number) {
      index++;
    }
    const sent = sentAt[index++];
    if (sent !== undefined) {
      delays.push(Number(at - sent) / 1e6);
    }
  }
  return delays;
}
