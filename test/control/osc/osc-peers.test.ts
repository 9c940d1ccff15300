import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { AddressSpace, describeAddresses } from '../../../src/control/osc/address-space.js';
import { openOscSocket } from '../../../src/control/ports/osc-socket.js';
import { readPatch } from '../../../src/patch/read.js';
import { messageBytes } from './osc-bytes.js';
import type { Closing } from './osc-peers.js';
import { eventually, openPeer, oscsend, smallSpace, startOscdump, startServer } from './osc-peers.js';

const closings: Closing[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) {
    await close();
  }
});

async function serve(...settings: Parameters<typeof startServer>) {
  const started = await startServer(...settings);
  closings.push(() => started.server.close());
  return started;
}

async function dump() {
  const started = await startOscdump();
  closings.push(started.close);
  return started;
}

async function peerOf(port: number) {
  const peer = await openPeer(port);
  closings.push(peer.close);
  return peer;
}

describe('oscsend', () => {
  test.each([
    [['/low/cutoff', 'f', '900'], { type: 'set_parameter', node: 'low', parameter: 'cutoff', value: 900 }],
    [['/low/cutoff', 'i', '900'], { type: 'set_parameter', node: 'low', parameter: 'cutoff', value: 900 }],
    [['/low/cutoff', 'd', '900'], { type: 'set_parameter', node: 'low', parameter: 'cutoff', value: 900 }],
    [['/low/cutoff', 'h', '900'], { type: 'set_parameter', node: 'low', parameter: 'cutoff', value: 900 }],
    [['/high/gain', 'T'], { type: 'set_parameter', node: 'high', parameter: 'gain', value: 1 }],
    [['/note', 'iif', '1', '60', '0.5'], { type: 'note', channel: 1, note: 60, velocity: 0.5 }],
    [['/gate/drop', 'F'], { type: 'gate', gate: 'drop', isOpen: false }],
    [['/pad/cutoff', 'f', '0.25'], { type: 'control', address: '/pad/cutoff', value: 0.25 }],
    [['/amp/panic'], { type: 'panic' }],
  ])('%j is performed', async (words, command) => {
    const { performed, port } = await serve(smallSpace());
    await oscsend(port, ...words);
    const [first] = await eventually(() => performed.length > 0 && performed, 'the command');
    expect(first).toMatchObject({ command, time: { type: 'arrived' } });
  });

  test('may send types that no command takes without doing harm', async () => {
    const { server, performed, port } = await serve(smallSpace());
    await oscsend(port, '/low/cutoff', 'ifsTFNIcmShd', '1', '2', 'x', 'c', '90403c7f', 'symbol', '7', '8');
    await oscsend(port, '/amp/ping');
    await eventually(() => server.counts().lastAddress === '/amp/ping', 'the ping');
    expect([performed, server.counts().malformed]).toEqual([[], 0]);
  });
});

describe('oscdump', () => {
  test('that subscribed by oscsend gets the status, as liblo understands it', async () => {
    const { port } = await serve(smallSpace());
    const { lines, port: dumpPort } = await dump();
    await oscsend(port, '/amp/subscribe', 's', `127.0.0.1:${dumpPort}`);
    const find = (address: string) => eventually(() => lines.find((line) => line.includes(address)), address);
    expect(await find('/amp/status/load')).toContain('ff 0.250000 0.500000');
    expect(await find('/amp/status/device')).toContain('s "test device"');
    expect(await find('/amp/status/clock')).toContain('h 4800000000');
  });

  test('gets nothing more once it has unsubscribed', async () => {
    const { server, port } = await serve(smallSpace());
    const { lines, port: dumpPort } = await dump();
    await oscsend(port, '/amp/subscribe', 's', `localhost:${dumpPort}`);
    await eventually(() => lines.some((line) => line.includes('/amp/status')), 'a status');
    await oscsend(port, '/amp/unsubscribe', 's', `127.0.0.1:${dumpPort}`);
    await eventually(() => server.counts().subscribers === 0, 'the end of the subscription');
    // What was on its way arrives before what is asked for now.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = lines.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(lines.length).toBe(before);
  });
});

describe('a socket', () => {
  test('is answered with the frame at which its command acted, once that is known', async () => {
    const { server, performed, port } = await serve(smallSpace());
    const peer = await peerOf(port);
    await peer.send(messageBytes('/low/cutoff', { type: 'f', value: 900 }));
    await eventually(() => performed.length === 1, 'the command');
    expect(peer.received).toEqual([]);
    server.applied(1, 123_456_789_012);
    expect(await eventually(() => peer.received[0], 'the reply')).toEqual({
      type: 'message',
      address: '/amp/reply',
      arguments: [
        { type: 's', value: '/low/cutoff' },
        { type: 'h', value: 123_456_789_012n },
      ],
    });
  });

  test('is told what is wrong with its command', async () => {
    const { port } = await serve(smallSpace());
    const peer = await peerOf(port);
    await peer.send(messageBytes('/low/cutof', { type: 'f', value: 900 }));
    expect(await eventually(() => peer.received[0], 'the error')).toMatchObject({
      address: '/amp/error',
      arguments: [{ value: '/low/cutof' }, { value: 'there is no /low/cutof; did you mean "/low/cutoff"?' }],
    });
  });

  test('gets the status itself when it subscribes without a destination', async () => {
    const { port } = await serve(smallSpace());
    const peer = await peerOf(port);
    await peer.send(messageBytes('/amp/subscribe'));
    const bundle = await eventually(() => peer.received.find(({ type }) => type === 'bundle'), 'a status');
    expect(bundle).toMatchObject({ timeTag: 1n, elements: [{ address: '/amp/status/load' }, {}, {}] });
  });
});

describe('opening a socket', () => {
  test('takes the port that was asked for, and says when another program has it', async () => {
    const { port } = await serve(smallSpace());
    expect(await openOscSocket('127.0.0.1', port)).toEqual({
      ok: false,
      error: { code: 'in_use', message: expect.stringContaining(`127.0.0.1:${port} is in use`) },
    });
  });

  test.each([
    ['stage.local', 9000, '"stage.local" is not an address'],
    ['203.0.113.7', 9000, 'no address to listen at UDP 203.0.113.7:9000'],
    ['127.0.0.1', 65_536, '65536 is not a UDP port'],
  ])('says what is wrong with %s:%i', async (address, port, sentence) => {
    expect(await openOscSocket(address, port)).toMatchObject({
      ok: false,
      error: { code: 'no_such_address', message: expect.stringContaining(sentence) },
    });
  });

  test('of IPv6 hears and answers as well', async () => {
    const opening = await openOscSocket('::1', 0);
    expect(opening).toMatchObject({ ok: true, socket: { local: { address: '::1' } } });
    await (opening.ok && opening.socket.close());
  });
});

describe('docs/osc.md', () => {
  const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
  const examples = [...read('docs/osc.md').matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, text = '']) =>
    text.trim().split('\n'),
  );
  const sent = examples.filter((line) => line.startsWith('oscsend'));

  test('shows commands of oscsend and oscdump only', () => {
    expect(
      examples.filter(
        (line) => !/^(oscsend 127\.0\.0\.1 9000 \/|oscsend 127\.0\.0\.1 9000 '\/|oscdump -L 9001 &$)/.test(line),
      ),
    ).toEqual([]);
    expect(sent.length).toBeGreaterThan(6);
  });

  test.each(sent)('%s does what it says', async (line) => {
    const reading = readPatch(read('patches/glass_pad.jsonc'), 'glass_pad.jsonc');
    if (!reading.ok) {
      throw new Error('the patch has mistakes');
    }
    const described = describeAddresses(reading.patch);
    const space = new AddressSpace({ ...described, controls: [...described.controls, '/pad/cutoff'] });
    const { server, performed, port } = await serve(space);
    const { lines, port: dumpPort } = await dump();
    const words = line.replaceAll("'", '').replace(':9001', `:${dumpPort}`).split(' ').slice(3);
    await oscsend(port, ...words);
    if (words[0] === '/amp/subscribe') {
      await eventually(() => lines.some((text) => text.includes('/amp/status/')), 'the status');
    } else {
      await eventually(() => performed.length > 0, 'the command');
      // An error is answered by counting no command.
      expect(server.counts().lastAddress).toBe(words[0]);
    }
  });
});
