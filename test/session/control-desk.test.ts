import { describe, expect, test } from 'vitest';
import type { CommandTime } from '../../src/control/osc/command.js';
import { DatagramTime } from '../../src/control/osc/datagram-time.js';
import { patchOf } from '../patch/reading.js';
import { deskPatch, gestures, makeDesk } from './desk.js';

const arrivedAt = (nanoseconds: bigint): CommandTime => ({
  type: 'arrived',
  nanoseconds,
  datagram: new DatagramTime(),
});
const dueAt = (nanoseconds: bigint, datagram = new DatagramTime()): CommandTime => ({
  type: 'due',
  nanoseconds,
  datagram,
});

const on = (note: number, velocity = 1) => ({ type: 'note_on', channel: 3, note, velocity });
const off = (note: number) => ({ type: 'note_off', channel: 3, note });
const gain = (value: number) => ({ type: 'set_edge_gain', edge: 4, value });
const panic = [
  ...Array.from({ length: 16 }, (_, index) => ({ type: 'sustain', channel: index + 1, isDown: false })),
  { type: 'all_notes_off', channel: 'all' },
];

/** A note of ten seconds, and another one that follows it. */
const longFile = {
  seconds: 10,
  events: [
    { type: 'note_on', channel: 3, note: 50, velocity: 1, seconds: 0 },
    { type: 'note_off', channel: 3, note: 50, seconds: 9 },
    { type: 'note_on', channel: 3, note: 51, velocity: 1, seconds: 9 },
    { type: 'note_off', channel: 3, note: 51, seconds: 10 },
  ],
} as const;

describe('MIDI', () => {
  test('is played in order, on its channel', async () => {
    const { desk, applied, now } = makeDesk();
    desk.midi('a', [0x92, 60, 127], now());
    desk.midi('a', [0x82, 60, 0], now());
    expect(gestures(await applied(2))).toEqual([on(60), off(60)]);
  });

  test('that arrives in one moment is played in order as well', async () => {
    const { desk, applied, now } = makeDesk();
    const arrival = now();
    for (let note = 40; note < 60; note++) {
      desk.midi('a', [0x92, note, 127], arrival - BigInt(note) * 1000n);
      desk.midi('a', [0x82, note, 0], arrival - BigInt(note) * 2000n);
    }
    const notes = Array.from({ length: 20 }, (_, index) => [on(40 + index), off(40 + index)]).flat();
    expect(gestures(await applied(40))).toEqual(notes);
  });

  test('that the patch binds moves its target, and has its usual meaning no more', async () => {
    const { desk, applied, now } = makeDesk();
    desk.midi('a', [0xb0, 74, 127], now());
    desk.midi('a', [0x92, 36, 127], now());
    desk.midi('a', [0x92, 61, 127], now());
    expect(gestures(await applied(3))).toEqual([
      { type: 'set_parameter', node: 3, parameter: 0, value: 1100 },
      gain(1),
      on(61),
    ]);
  });

  test('of a lost port is released: notes, pedal, and what it had moved', async () => {
    const { desk, applied, now } = makeDesk();
    for (const message of [
      [0x92, 60, 127],
      [0xb2, 64, 127],
      [0x92, 36, 127],
    ] as const) {
      desk.midi('a', message, now());
    }
    await applied(3);
    desk.portLost('a', now());
    expect(gestures(await applied(3))).toEqual([{ type: 'sustain', channel: 3, isDown: false }, off(60), gain(0)]);
  });

  test('of other ports sounds on when one is lost', async () => {
    const { desk, applied, now } = makeDesk();
    desk.midi('a', [0x92, 60, 127], now());
    desk.midi('b', [0x92, 64, 127], now());
    await applied(2);
    desk.portLost('a', now());
    expect(gestures(await applied(1))).toEqual([off(60)]);
    expect(desk.heldNotes).toBe(1);
  });

  test('is told in words', () => {
    const { desk, now } = makeDesk();
    desk.midi('a', [0xc0, 5, 0], now());
    expect(desk.lastMessage).toBe('program 5, channel 1');
  });
});

describe('computer keys', () => {
  test("play the channel of the patch's keys", async () => {
    const { desk, applied, now } = makeDesk();
    desk.key('q', now());
    expect(gestures(await applied(1))).toEqual([on(60, Math.fround(0.8))]);
  });

  test('that nobody holds end by themselves', async () => {
    const { desk, applied, now } = makeDesk();
    const start = now();
    desk.key('q', start);
    desk.tick(start + 1_000_000_000n);
    expect(gestures(await applied(2))[1]).toEqual(off(60));
  });

  test('that the patch binds go from end to end instead', async () => {
    const { desk, applied, now } = makeDesk();
    desk.key('g', now());
    desk.key('g', now());
    expect(gestures(await applied(2))).toEqual([gain(1), gain(0)]);
  });

  test('that a gate listens to toggle it', async () => {
    const { desk, applied, now } = makeDesk();
    desk.key('d', now());
    expect(gestures(await applied(1))).toEqual([{ type: 'set_gate', gate: 0, change: 'toggle' }]);
  });
});

describe('an OSC command', () => {
  test('is answered with the sequences of its events', async () => {
    const { desk, applied, now } = makeDesk();
    const time = arrivedAt(now());
    const note = desk.command({ type: 'note', channel: 3, note: 60, velocity: 1 }, time);
    const control = desk.command({ type: 'control', address: '/x', value: 0.5 }, time);
    const set = desk.command({ type: 'set_parameter', node: 'low', parameter: 'cutoff', value: 500 }, time);
    expect(
      [note, control, set].flatMap((answer) => (answer.ok && 'sequences' in answer ? answer.sequences : [-1])),
    ).toEqual([0, 1, 2]);
    expect(gestures(await applied(3))).toEqual([
      on(60),
      gain(0.5),
      { type: 'set_parameter', node: 3, parameter: 0, value: 500 },
    ]);
  });

  test('moves a gate, and says until when that waits for its grid', async () => {
    const { desk, applied, now } = makeDesk();
    const answers = [
      desk.command({ type: 'gate', gate: 'drop', isOpen: false }, arrivedAt(now())),
      desk.command({ type: 'control', address: '/drop', value: 1 }, arrivedAt(now())),
    ];
    expect(gestures(await applied(2))).toEqual([
      { type: 'set_gate', gate: 0, change: 'close' },
      { type: 'set_gate', gate: 0, change: 'open' },
    ]);
    // A bar at 120 a minute is two seconds.
    expect(answers.map((answer) => answer.ok && 'explain' in answer && answer.explain?.(96_001))).toEqual([
      'gate "drop" changes on its grid, at frame 192000',
      'gate "drop" changes on its grid, at frame 192000',
    ]);
    expect(answers.map((answer) => answer.ok && 'explain' in answer && answer.explain?.(96_000))).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('that is due is played at its time', async () => {
    const { desk, applied, now } = makeDesk();
    const arrival = now();
    desk.command({ type: 'note', channel: 3, note: 60, velocity: 1 }, arrivedAt(arrival));
    const due = dueAt(arrival + 50_000_000n);
    desk.command({ type: 'note', channel: 3, note: 61, velocity: 1 }, due);
    const [first, second] = await applied(2);
    expect(Math.abs((second?.frame ?? 0) - (first?.frame ?? 0) - 2400)).toBeLessThan(240);
  });

  test('of one datagram is played to the frame as its time tags say, however the clock of the stream is measured', async () => {
    let readings = 0;
    const { desk, applied, now } = makeDesk({ clockError: () => 7 * readings++ });
    const datagram = new DatagramTime();
    const due = now() + 60_000_000n;
    for (const [index, milliseconds] of [0, 0, 10, 25].entries()) {
      const time = dueAt(due + BigInt(milliseconds) * 1_000_000n, datagram);
      desk.command({ type: 'note', channel: 3, note: 60 + index, velocity: 1 }, time);
    }
    const frames = (await applied(4)).map(({ frame }) => frame);
    expect(frames.map((frame) => frame - (frames[0] ?? 0))).toEqual([0, 0, 480, 1200]);
  });

  test.each([
    ['an unknown gate', { type: 'gate', gate: 'dorp', isOpen: false }, 'the patch has no gate "dorp"'],
    ['an unknown control', { type: 'control', address: '/y', value: 1 }, 'bound to osc:/y'],
    ['an unknown parameter', { type: 'set_parameter', node: 'low', parameter: 'x', value: 1 }, '"low.x"'],
  ] as const)('to %s is refused in words', (_, command, message) => {
    const { desk, now } = makeDesk();
    const answer = desk.command(command, arrivedAt(now()));
    expect(answer).toEqual({ ok: false, message: expect.stringContaining(message) });
  });
});

describe('panic', () => {
  test('lifts every pedal and releases every note', async () => {
    const { desk, applied, now } = makeDesk();
    desk.panic(now());
    expect(gestures(await applied(17))).toEqual(panic);
  });

  test('leaves nothing held', () => {
    const { desk, now } = makeDesk();
    desk.midi('a', [0x92, 60, 127], now());
    desk.panic(now());
    expect(desk.heldNotes).toBe(0);
  });

  test('also ends what was posted ahead of its time', async () => {
    const { desk, applied, now } = makeDesk();
    const arrival = now();
    const due = dueAt(arrival + 60_000_000n);
    desk.command({ type: 'note', channel: 3, note: 60, velocity: 1 }, due);
    desk.panic(arrival);
    expect(gestures(await applied(35))).toEqual([...panic, on(60), ...panic]);
  });

  test('stops the MIDI file', async () => {
    const { desk, now } = makeDesk({ file: longFile });
    desk.tick(now());
    desk.panic(now());
    expect(desk.player(now())?.state).toBe('stopped');
  });
});

describe('the MIDI file', () => {
  test('plays until somebody plays a note, and lets go of its own notes only', async () => {
    const { desk, applied, now } = makeDesk({ file: longFile });
    desk.tick(now());
    await applied(1);
    desk.midi('a', [0x92, 60, 127], now());
    expect(gestures(await applied(2))).toEqual([off(50), on(60)]);
    expect(desk.player(now())?.state).toBe('stopped');
  });

  test('goes on when somebody moves a control', () => {
    const { desk, now } = makeDesk({ file: longFile });
    desk.tick(now());
    desk.midi('a', [0xb0, 74, 5], now());
    desk.midi('a', [0x92, 36, 127], now());
    expect(desk.player(now())?.state).toBe('playing');
  });
});

describe('another patch', () => {
  const { nodes, edges } = JSON.parse(deskPatch);
  const patchWith = (controls: readonly object[], changes: object = {}) =>
    patchOf(JSON.stringify({ amp: 1, nodes: { ...nodes, ...changes }, edges, controls }));
  const played = (patch: ReturnType<typeof patchOf>) => ({ patch, plan: 1 });

  test('ends a note whose key it binds', async () => {
    const { desk, applied, now } = makeDesk();
    desk.midi('a', [0x92, 60, 127], now());
    desk.change(played(patchWith([{ from: 'midi:note/60', to: 'wet.gain', slew: 'ideal' }])), { carriesOn: true });
    desk.midi('a', [0x82, 60, 0], now());
    desk.midi('a', [0x92, 60, 127], now());
    expect(gestures(await applied(4))).toEqual([on(60), gain(0), off(60), gain(1)]);
  });

  test('lifts a pedal whose controller it binds', async () => {
    const { desk, applied, now } = makeDesk();
    desk.midi('a', [0xb2, 64, 127], now());
    desk.change(played(patchWith([{ from: 'midi:cc/64', to: 'wet.gain', slew: 'ideal' }])), { carriesOn: true });
    desk.midi('a', [0xb2, 64, 0], now());
    expect(gestures(await applied(3))).toEqual([
      { type: 'sustain', channel: 3, isDown: true },
      gain(0),
      { type: 'sustain', channel: 3, isDown: false },
    ]);
  });

  test.each([
    [true, 0],
    [false, 1],
  ])('that carries on (%s) sends a key that goes to and fro to the end %d', async (carriesOn, end) => {
    const { desk, applied, now } = makeDesk();
    desk.key('g', now());
    desk.change(played(patchWith([{ from: 'key:g', to: 'wet.gain', slew: 'ideal' }])), { carriesOn });
    desk.key('g', now());
    expect(gestures(await applied(2))).toEqual([gain(1), gain(end)]);
  });

  test('has its computer keys on its own channel, and those that sound end on theirs', async () => {
    const { desk, applied, now } = makeDesk();
    const start = now();
    desk.key('q', start);
    desk.change(played(patchWith([], { keys: { type: 'keys', channel: 5 } })), { carriesOn: true });
    desk.key('w', start);
    desk.tick(start + 1_000_000_000n);
    expect(gestures(await applied(4))).toEqual([
      { type: 'note_on', channel: 3, note: 60, velocity: Math.fround(0.8) },
      { type: 'note_on', channel: 5, note: 62, velocity: Math.fround(0.8) },
      { type: 'note_off', channel: 3, note: 60 },
      { type: 'note_off', channel: 5, note: 62 },
    ]);
  });
});
