import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CommandTime, OscCommand } from '../../../src/control/osc/command.js';
import type { Endpoint } from '../../../src/control/osc/endpoint.js';
import type { Performing } from '../../../src/control/osc/osc-server.js';
import { OscServer } from '../../../src/control/osc/osc-server.js';
import type { OscArgument, OscPacket } from '../../../src/control/osc/packet.js';
import { parsePacket } from '../../../src/control/osc/parse-packet.js';
import { timeTagOf } from '../../../src/control/osc/time-tag.js';
import { bundleBytes, messageBytes } from './osc-bytes.js';
import { smallSpace } from './osc-peers.js';

const performer: Endpoint = { address: '127.0.0.1', port: 40_000 };
const millisecond = 1_000_000n;
const start = Date.UTC(2026, 10, 23, 20);

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});
afterEach(() => {
  vi.useRealTimers();
});

/** CLOCK_MONOTONIC as the timers move it; it goes on by a microsecond each time that it is read. */
function monotonicClock() {
  let readings = 0n;
  return () => 7_000_000_000n + BigInt(Date.now() - start) * millisecond + ++readings * 1000n;
}

/** A server whose datagrams and time the test hands out. */
function serve(perform?: (command: OscCommand) => Performing, wallClockError: () => bigint = () => 0n) {
  const performed: { readonly command: OscCommand; readonly time: CommandTime }[] = [];
  const sent: { readonly packet: OscPacket; readonly to: Endpoint }[] = [];
  let listener: (bytes: Uint8Array, sender: Endpoint) => void = () => {};
  const now = monotonicClock();
  const server = new OscServer({
    socket: {
      local: { address: '127.0.0.1', port: 9000 },
      unsent: 0,
      onDatagram: (each) => {
        listener = each;
      },
      send: (bytes, to) => {
        const reading = parsePacket(bytes);
        if (reading.ok) {
          sent.push({ packet: reading.packet, to });
        }
      },
      close: async () => {},
    },
    space: smallSpace(),
    perform: (command, time) => {
      performed.push({ command, time });
      return perform?.(command) ?? { ok: true, sequences: [performed.length] };
    },
    frame: () => 480,
    status: () => ({ load: [0.5] }),
    // A wall clock that agrees with the monotonic one to the microsecond, or is off by so many nanoseconds.
    clocks: {
      monotonicNanoseconds: now,
      wallMilliseconds: () => start + Number((now() - 7_000_000_000n + wallClockError()) / millisecond),
    },
  });
  const receive = (bytes: Uint8Array, sender = performer) => listener(bytes, sender);
  const answers = () =>
    sent.flatMap(({ packet }) =>
      packet.type === 'message' && !packet.address.startsWith('/amp/status')
        ? [[packet.address, ...packet.arguments.map((each) => ('value' in each ? each.value : each.type))]]
        : [],
    );
  return { server, performed, sent, receive, answers, now };
}

const f = (value: number): OscArgument => ({ type: 'f', value });
const i = (value: number): OscArgument => ({ type: 'i', value });
const note = (number = 60) => messageBytes('/note', i(1), i(number), f(0.5));
const cutoff = (value: number) => messageBytes('/low/cutoff', f(value));
const timeIn = (milliseconds: number) => timeTagOf(BigInt(start + milliseconds) * millisecond);
const settle = () => vi.advanceTimersByTimeAsync(5);

describe('a bundle', () => {
  test('with a time ahead is handed over for that time, 100 ms before it', async () => {
    const { performed, receive } = serve();
    receive(bundleBytes(timeIn(1000), note()));
    await vi.advanceTimersByTimeAsync(890);
    expect(performed).toEqual([]);
    await vi.advanceTimersByTimeAsync(15);
    const due = performed[0]?.time;
    expect(due?.type).toBe('due');
    expect(Math.abs(Number((due?.nanoseconds ?? 0n) - 8_000_000_000n))).toBeLessThan(150_000);
  });

  test('with a time that has passed acts now, and is counted as late', async () => {
    const { server, performed, receive } = serve();
    receive(bundleBytes(timeIn(-500), note()));
    await settle();
    expect([performed[0]?.time.type, server.counts().late]).toEqual(['arrived', 1]);
  });

  test('"immediately" acts at its arrival', async () => {
    const { server, performed, receive } = serve();
    receive(bundleBytes(1n, note()));
    await settle();
    expect([performed[0]?.time.type, server.counts().late]).toEqual(['arrived', 0]);
  });

  test('more than a minute ahead is refused', async () => {
    const { performed, receive, answers } = serve();
    receive(bundleBytes(timeIn(61_500), note()));
    await settle();
    expect(performed).toEqual([]);
    expect(answers()).toEqual([['/amp/error', '/note', 'the time tag lies 61 s ahead; up to 60 s fit']]);
  });

  test('in a bundle acts at its own time', async () => {
    const { performed, receive } = serve();
    receive(bundleBytes(timeIn(200), cutoff(100), bundleBytes(timeIn(400), cutoff(200))));
    await vi.advanceTimersByTimeAsync(250);
    expect(performed).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(performed).toHaveLength(2);
  });

  test('is due as long after the bundle around it as they say, however often somebody sets the clock', async () => {
    let readings = 0;
    const { performed, receive } = serve(undefined, () => BigInt(readings++ % 7) * 3n * millisecond);
    for (let round = 0; round < 8; round++) {
      receive(bundleBytes(timeIn(round * 100 + 60), note(), bundleBytes(timeIn(round * 100 + 70), note(62))));
      await vi.advanceTimersByTimeAsync(100);
    }
    const due = performed.map(({ time }) => time.nanoseconds);
    const distances = due.flatMap((time, index) => (index % 2 === 1 ? [time - (due[index - 1] ?? 0n)] : []));
    expect(distances).toEqual(distances.map(() => 10n * millisecond));
    expect(distances).toHaveLength(8);
  });

  test('that comes later for an earlier time acts first', async () => {
    const { performed, receive } = serve();
    receive(bundleBytes(timeIn(900), note(2)));
    receive(bundleBytes(timeIn(500), note(1)));
    await vi.advanceTimersByTimeAsync(1000);
    expect(performed.map(({ command }) => command.type === 'note' && command.note)).toEqual([1, 2]);
  });

  test('that waits keeps its time when somebody sets the wall clock', async () => {
    const { performed, receive } = serve();
    receive(bundleBytes(timeIn(1000), note()));
    vi.setSystemTime(start + 3_600_000);
    await settle();
    const waiting = performed.length;
    await vi.advanceTimersByTimeAsync(900);
    expect([waiting, performed.length]).toEqual([0, 1]);
  });

  test('that waits is called back by a panic, and says so', async () => {
    const { performed, receive, answers } = serve();
    receive(bundleBytes(timeIn(1000), note()));
    receive(messageBytes('/amp/panic'));
    await vi.advanceTimersByTimeAsync(2000);
    expect(performed.map(({ command }) => command.type)).toEqual(['panic']);
    expect(answers()).toContainEqual(['/amp/error', '/note', 'a panic called it back before its time']);
  });
});

describe('an answer', () => {
  test('waits until every event of a command has acted, and tells the latest frame', async () => {
    const { server, receive, answers } = serve(() => ({ ok: true, sequences: [7, 8] }));
    receive(messageBytes('/amp/panic'));
    server.applied(8, 640);
    await settle();
    const before = answers();
    server.applied(7, 600);
    await settle();
    expect([before, answers()]).toEqual([[], [['/amp/reply', '/amp/panic', 640n]]]);
  });

  test('to a pattern is one', async () => {
    const { server, performed, receive, answers } = serve();
    receive(messageBytes('/{low,high}/cutoff', f(500)));
    await settle();
    performed.forEach((_, index) => {
      server.applied(index + 1, 100 + index);
    });
    await settle();
    expect(answers()).toEqual([['/amp/reply', '/{low,high}/cutoff', 101n]]);
  });

  test('says until when a gate waits, of the frame at which it heard the command', async () => {
    const explain = (frame: number) => (frame % 24_000 === 0 ? undefined : `waits, heard at ${frame}`);
    const { server, receive, answers } = serve(() => ({ ok: true, sequences: [5], explain }));
    receive(messageBytes('/gate/drop', i(1)));
    server.applied(5, 1000);
    await settle();
    receive(messageBytes('/gate/drop', i(0)));
    server.applied(5, 24_000);
    await settle();
    expect(answers()).toEqual([
      ['/amp/reply', '/gate/drop', 1000n, 'waits, heard at 1000'],
      ['/amp/reply', '/gate/drop', 24_000n],
    ]);
  });

  test('comes at once for what needs no event', async () => {
    const { receive, answers } = serve();
    receive(messageBytes('/amp/ping'));
    await settle();
    expect(answers()).toEqual([['/amp/reply', '/amp/ping', 480n]]);
  });

  test('tells why a command could not be performed', async () => {
    const { receive, answers } = serve(() => ({ ok: false, message: 'the event queue is full' }));
    receive(note());
    await settle();
    expect(answers()).toEqual([['/amp/error', '/note', 'the event queue is full']]);
  });

  test('is not given to an answer, so two servers cannot answer each other for ever', async () => {
    const { receive, sent } = serve();
    for (const address of ['/amp/error', '/amp/reply', '/amp/status/load']) {
      receive(messageBytes(address, { type: 's', value: 'x' }));
    }
    await settle();
    expect(sent).toEqual([]);
  });

  test('of errors is rare in a flood of them', async () => {
    const { server, receive, answers } = serve();
    for (let index = 0; index < 1000; index++) {
      receive(messageBytes('/nowhere', i(index)));
    }
    await vi.advanceTimersByTimeAsync(900);
    expect(answers().length).toBeLessThanOrEqual(290);
    expect(answers().length + server.counts().unanswered).toBe(1000);
  });
});

describe('a subscription', () => {
  const subscribe = (destination: string) => messageBytes('/amp/subscribe', { type: 's', value: destination });

  test('ends after a minute unless it is renewed', async () => {
    const { server, receive } = serve();
    receive(messageBytes('/amp/subscribe'));
    await vi.advanceTimersByTimeAsync(50_000);
    receive(messageBytes('/amp/subscribe'));
    await vi.advanceTimersByTimeAsync(50_000);
    const renewed = server.counts().subscribers;
    await vi.advanceTimersByTimeAsync(11_000);
    expect([renewed, server.counts().subscribers]).toEqual([1, 0]);
  });

  test('is told ten times a second', async () => {
    const { receive, sent } = serve();
    receive(messageBytes('/amp/subscribe', i(9001)));
    await vi.advanceTimersByTimeAsync(2050);
    const told = sent.filter(({ packet, to }) => packet.type === 'bundle' && to.port === 9001);
    expect(told.length).toBe(20);
  });

  test.each(['192.0.2.1:9001', '127.0.0.2:9001', 'example.org:9001', '[::1]:9001'])(
    'for another host is refused: %s',
    async (destination) => {
      const { server, receive, answers } = serve();
      receive(subscribe(destination));
      await settle();
      expect(server.counts().subscribers).toBe(0);
      expect(answers()).toMatchObject([['/amp/error', '/amp/subscribe', expect.stringContaining('not the host')]]);
    },
  );

  test.each(['127.0.0.1', '127.0.0.1:0', '127.0.0.1:70000', ':', 'x', '127.0.0.1:9001x'])(
    'without a port is refused: %s',
    async (destination) => {
      const { server, receive, answers } = serve();
      receive(subscribe(destination));
      await settle();
      expect(server.counts().subscribers).toBe(0);
      expect(answers()).toMatchObject([['/amp/error', '/amp/subscribe', expect.stringContaining('"127.0.0.1:')]]);
    },
  );

  test('of the server itself is refused', async () => {
    const { server, receive } = serve();
    receive(subscribe('127.0.0.1:9000'));
    await settle();
    expect(server.counts().subscribers).toBe(0);
  });

  test('of the seventeenth is refused', async () => {
    const { server, receive, answers } = serve();
    for (let port = 9001; port <= 9017; port++) {
      receive(subscribe(`127.0.0.1:${port}`));
    }
    await settle();
    expect(server.counts().subscribers).toBe(16);
    expect(answers().at(-1)).toMatchObject(['/amp/error', '/amp/subscribe', expect.stringContaining('16 have')]);
  });
});

describe('in a flood', () => {
  const stars = messageBytes(`/${'*o'.repeat(20)}/*`, f(100));
  const large = bundleBytes(1n, ...Array.from({ length: 1000 }, () => cutoff(500)));
  const floods: readonly (readonly [string, Uint8Array])[] = [
    ['parameters', cutoff(500)],
    ['patterns', stars],
    ['large bundles', large],
    ['garbage', Buffer.from('garbage!')],
    ['unknown addresses', messageBytes('/nowhere', f(1))],
  ];

  test.each(floods)('of %s a note is performed before all that waits', (_, bytes) => {
    const { performed, receive } = serve();
    for (let index = 0; index < 5000; index++) {
      receive(bytes);
    }
    receive(note());
    expect(performed.map(({ command }) => command.type)).toEqual(['note']);
  });

  test('what waits is bounded: the oldest gives way, and is counted', async () => {
    const { server, performed, receive } = serve();
    for (let index = 0; index < 5000; index++) {
      receive(cutoff(100 + index));
    }
    await vi.advanceTimersByTimeAsync(5000);
    expect(server.counts().dropped).toBe(5000 - 1024);
    expect(performed.at(-1)?.command).toMatchObject({ value: 5099 });
  });

  test('of others a note and a panic still have their share', async () => {
    const { performed, receive } = serve();
    for (let round = 0; round < 50; round++) {
      for (let index = 0; index < 1000; index++) {
        receive(cutoff(500));
      }
      await vi.advanceTimersByTimeAsync(1);
    }
    const before = performed.filter(({ command }) => command.type === 'set_parameter').length;
    receive(note());
    receive(messageBytes('/amp/panic'));
    expect(performed.slice(-2).map(({ command }) => command.type)).toEqual(['note', 'panic']);
    expect(before).toBeLessThan(7000);
  });

  test('of notes a panic comes through', () => {
    const { server, performed, receive } = serve();
    for (let index = 0; index < 5000; index++) {
      receive(note());
    }
    receive(messageBytes('/amp/panic'));
    expect(performed.at(-1)?.command.type).toBe('panic');
    expect(server.counts().dropped).toBeGreaterThan(3000);
  });
});

test('after its end a server takes no datagram', async () => {
  const { server, performed, receive } = serve();
  receive(bundleBytes(timeIn(500), note()));
  await server.close();
  receive(note());
  await vi.advanceTimersByTimeAsync(1000);
  expect([performed, server.counts().packets]).toEqual([[], 1]);
});
