// What the screen says, at any size.

import fc from 'fast-check';
import { renderToString } from 'ink';
import { render as renderForTest } from 'ink-testing-library';
import { describe, expect, test } from 'vitest';
import type { SessionStatus } from '../../src/session/status.js';
import { CarrierContext } from '../../tui/components/carrier-context.js';
import { PaletteContext } from '../../tui/components/palette-context.js';
import { Screen } from '../../tui/components/screen.js';
import { LineCarrier } from '../../tui/line-carrier.js';
import type { ScreenFrame } from '../../tui/screen-model.js';
import { ScreenModelMaker } from '../../tui/screen-model.js';
import { paletteFor, withoutColours } from '../../tui/text/palette.js';
import { displayWidth } from '../../tui/text/plain-text.js';
import type { View } from '../../tui/view.js';
import { firstView, pages } from '../../tui/view.js';
import { edge, sampleStatus } from './sample-status.mjs';

const usual = { columns: 120, rows: 39 };

function frameOf(changes: Partial<SessionStatus>, size = usual, view: View = firstView): ScreenFrame {
  const status = { ...sampleStatus(), ...changes };
  return { model: new ScreenModelMaker().update(status, 0), view, ...size };
}

function show(frame: ScreenFrame): string {
  const tree = (
    <PaletteContext.Provider value={paletteFor({ NO_COLOR: '1' })}>
      <Screen {...frame} />
    </PaletteContext.Provider>
  );
  return withoutColours(renderToString(tree, { columns: frame.columns }));
}

/** The screen with a status that differs from the sample. */
function screenWith(changes: Partial<SessionStatus>, size = usual, view: View = firstView): string {
  return show(frameOf(changes, size, view));
}

function lineWith(text: string, label: string): string {
  return text.split('\n').find((line) => line.startsWith(` ${label}`)) ?? `there is no line ${label}`;
}

const manyEdges = Array.from({ length: 200 }, (_, index) =>
  edge({ name: `node_${index}.out -> node_${index + 1}.in`, delay: 2000 - index, depth: 2000 - index, capacity: 4096 }),
);

const node = {
  ...{ id: 'saw', type: 'saw', last: 1e-6, mean: 1e-6, p99: 1e-6, max: 1e-6, share: 0.1, late: 0 },
  ...{ stood: 0, stands: false },
  ...{ temperature: 25, power: 0, state: 'cool' as const, gain: 1 },
};

describe('the screen says', () => {
  const { device } = sampleStatus();

  test('the patch and how long it has played', () => {
    expect(screenWith({}).split('\n')[0]).toMatch(/^ Glass pad {3}96 bpm {3}7 nodes, 9 edges .*1:03\.0$/);
  });

  test('the device as it was granted', () => {
    expect(lineWith(screenWith({}), 'device')).toContain('hw:Loopback,0 (ALSA), 48 kHz, 128 frames, 2 channels');
  });

  test('why the clock stands in for a device', () => {
    const note = 'there is no sound card; sound goes on when one comes';
    const text = screenWith({ device: { ...device, kind: 'clock', name: 'clock', note, losses: 2 } });
    expect(lineWith(text, 'device')).toContain('clock: nobody hears it, lost 2 times, 48 kHz');
    expect(text).toContain(note);
  });

  test('the latency as a sum', () => {
    const sum = 'device 5.3 ms + engine 4.0 ms + patch 1.0 ms = 10.3 ms';
    expect(lineWith(screenWith({}), 'latency')).toContain(sum);
  });

  test('levels in dB, and peaks of a while ago', () => {
    const models = new ScreenModelMaker();
    models.update(sampleStatus(), 0);
    const status = { ...sampleStatus(), levels: [{ peak: 0.01, rms: 0.005 }] };
    const text = show({ model: models.update(status, 0.1), view: firstView, ...usual });
    expect(lineWith(text, 'level 1')).toMatch(/█+▒* +│ +rms {2}-46\.0 {2}peak {3}-6\.0 dB/);
  });

  test('the load, and workers that are not in real time', () => {
    const line = lineWith(screenWith({ workers: 2, realTimeWorkers: 0 }), 'load');
    expect(line).toContain('mean 12 %, worst 31 %, 2 workers not in real time, busy 12 %, block 64 = 1.3 ms');
  });

  test('xruns by cause and in words, and events that were late', () => {
    const recent = [
      { seconds: 5, frames: 64, cause: 'node_late', node: 'saw', text: 'saw was late by 0.4 ms' },
      { seconds: 9, frames: 128, cause: 'thread_not_run', text: 'the system did not run a worker for 3 ms' },
    ] as const;
    const xruns = { total: 2, nodeLate: 1, threadNotRun: 1, deviceNotRun: 0, anchors: 0, growths: 0, recent };
    const text = screenWith({ xruns, lateEvents: 1 });
    expect(lineWith(text, 'xruns')).toContain('2, node late 1, thread not run 1, 1 event late');
    expect(text.indexOf('0:09.0 the system did not run a worker')).toBeLessThan(text.indexOf('0:05.0 saw was late'));
    expect(text).toContain('0:05.0 saw was late by 0.4 ms');
  });

  test('voices that ended because the machine was too slow', () => {
    expect(lineWith(screenWith({ shedVoices: 3 }), 'xruns')).toContain('none, 3 voices shed');
  });

  test('moves that were too slow for their area', () => {
    const one = [{ target: 'low.cutoff', moves: 3 }];
    expect(lineWith(screenWith({ slowMoves: one }), 'xruns')).toContain('none, 3 moves of low.cutoff too slow');
    const two = [...one, { target: 'wet', moves: 1 }];
    expect(lineWith(screenWith({ slowMoves: two }), 'xruns')).toContain('4 moves of low.cutoff and others too slow');
  });

  test('the temperature, or that there is no sensor', () => {
    expect(lineWith(screenWith({}), 'heat')).toContain('51.5 °C  x86_pkg_temp');
    const none = screenWith({ temperature: { type: 'none', reason: 'this machine shows none' } });
    expect(lineWith(none, 'heat')).toContain('no sensor: this machine shows none');
  });

  test('how warm the patch is, in its first line and beside the temperature of the machine', () => {
    const thermal = { ...sampleStatus().thermal, temperature: 81.4, state: 'over' as const };
    expect(screenWith({ thermal }).split('\n')[0]).toContain('81 °C over');
    expect(lineWith(screenWith({ thermal }), 'heat')).toContain('patch 81 °C over');
  });

  test('how warm each node is', () => {
    expect(screenWith({}, usual, { page: 'nodes', scroll: 0 })).toMatch(/^ saw .* 58 warm/m);
  });

  test('how often the processor slowed itself down, once it did', () => {
    expect(lineWith(screenWith({ throttles: 3 }), 'heat')).toContain('slowed down 3 times');
    expect(lineWith(screenWith({ throttles: 0 }), 'heat')).not.toContain('slowed down');
  });

  test('controllers, one that is gone, the last message and held notes', () => {
    const ports = [
      { name: 'Launchkey', isConnected: true, messages: 3 },
      { name: 'Beatstep', isConnected: false, messages: 1 },
    ];
    const line = lineWith(
      screenWith({ midi: { available: true, ports, lastMessage: 'note 60 on' }, heldNotes: 2 }),
      'MIDI',
    );
    expect(line).toContain('Launchkey, note 60 on, Beatstep gone, 2 notes held');
  });

  test('why there is no MIDI', () => {
    const line = lineWith(screenWith({ midi: { available: false, reason: 'no /dev/snd/seq', ports: [] } }), 'MIDI');
    expect(line).toContain('no /dev/snd/seq');
  });

  test('where OSC is heard and what was wrong with some of it', () => {
    const line = lineWith(screenWith({ osc: { ...sampleStatus().osc, malformed: 4, dropped: 9 } }), 'OSC');
    expect(line).toContain('127.0.0.1:9000, 3 packets, 4 malformed, 9 dropped, 1 subscriber, /low/cutoff');
  });

  test('why OSC is not heard', () => {
    const osc = { ...sampleStatus().osc, isOpen: false, reason: 'port 9000 is taken' };
    expect(lineWith(screenWith({ osc }), 'OSC')).toContain('port 9000 is taken');
  });

  test('activity, for a moment', () => {
    const models = new ScreenModelMaker();
    const { osc } = sampleStatus();
    models.update(sampleStatus(), 0);
    const model = models.update({ ...sampleStatus(), osc: { ...osc, packets: osc.packets + 1 } }, 0.1);
    const text = show({ model, view: firstView, ...usual });
    expect([lineWith(text, 'OSC')[11], lineWith(text, 'MIDI')[11]]).toEqual(['●', '·']);
  });

  test('what plays, what is recorded and the journal', () => {
    const text = screenWith({
      player: { path: 'pad.mid', state: 'playing', isLooping: true, seconds: 3, length: 40 },
      recording: { path: 'out.wav', frames: 96_000, seconds: 2 },
      journal: { path: 'out.journal', events: 41 },
    });
    expect(lineWith(text, 'player')).toContain('loops pad.mid 0:03.0 of 0:40.0');
    expect(lineWith(text, 'recording')).toContain('● 0:02.0 out.wav');
    expect(lineWith(text, 'journal')).toContain('41 events out.journal');
  });

  test('why a recording or a journal ended', () => {
    const text = screenWith({
      recording: { path: 'out.wav', frames: 96_000, seconds: 2, error: 'the disk is full' },
      journal: { path: 'out.journal', events: 41, error: 'the disk is full' },
    });
    expect(lineWith(text, 'recording')).toContain('ended at 0:02.0: the disk is full');
    expect(lineWith(text, 'journal')).toContain('ended after 41 events: the disk is full');
  });

  test('when the patch was taken as it was saved', () => {
    const handOver = { kind: 'reload', path: 'a.jsonc', frame: 96_000, seconds: 2 } as const;
    expect(lineWith(screenWith({ handOvers: 1, handOver }), 'patch')).toContain(
      'taken as it was saved at 0:02.0, frame 96000',
    );
  });

  test.each([80, 120])('all of what is wrong with a patch that is refused, in %d columns', (columns) => {
    const path = '/a/long/way/to/the/patches/of/this/performance/pad.jsonc';
    const mistakes = [
      '4:18: "cutof" is no parameter of svf; cutoff and resonance fit, did you mean "cutoff"?',
      '9:2: x',
    ];
    const refusal = { kind: 'reload', path, reasons: mistakes.map((each) => `${path}:${each}`) } as const;
    const text = screenWith({ refusal }, { columns, rows: 30 });
    expect(lineWith(text, 'patch')).toContain('pad.jsonc is refused, what played goes on');
    const words = text.replace(/\s+/g, ' ');
    expect(words).toContain(`line ${mistakes[0]} line ${mistakes[1]}`);
  });

  test('notices, the newest first', () => {
    const notices = [
      { seconds: 1, text: 'the device was lost' },
      { seconds: 2, text: 'the device is back' },
    ];
    const text = screenWith({ notices });
    expect(lineWith(text, 'notices')).toContain('0:02.0 the device is back');
    expect(text).toContain('0:01.0 the device was lost');
  });

  test('the depth and the age of each edge, the fullest first', () => {
    const text = screenWith({}, { columns: 100, rows: 39 });
    expect(text).toMatch(
      /echo\.out -> echo\.in +█+░+ +22500 +32768 +468\.0 ms +22564 +0\.0 µs +0\.0 µs +0\n keys\.freq/,
    );
    expect(text).toMatch(/keys\.freq -> saw\.freq +░{8} +0 +256 +- +64 +12\.3 µs/);
  });

  test('what each node takes, the heaviest first', () => {
    const text = screenWith({}, { columns: 80, rows: 39 });
    expect(text).toMatch(/ saw +5\.1 % +68\.0 µs +58 warm +74\.0 µs +1\.2 ms +2\n keys +0\.2 %/);
  });

  test('how busy many workers are by the least and the most', () => {
    const workerLoads = [0.1, 0.3, 0.2, 0.15, 0.12].map((busy) => ({ busy, idle: 1 - busy, cpu: busy }));
    expect(lineWith(screenWith({ workerLoads }), 'load')).toContain('busy 10 % to 30 %');
  });

  test('what each gate does, will do and holds', () => {
    const gates = [
      { id: 'drop', state: 'open', whileClosed: 'mute', heldSeconds: 0 },
      {
        id: 'wait',
        state: 'closed',
        whileClosed: 'hold',
        change: { opens: true, seconds: 1.15, beats: 2.3 },
        heldSeconds: 4,
      },
      { id: 'soon', state: 'closing', whileClosed: 'mute', change: { opens: true, seconds: 0.4 }, heldSeconds: 0 },
    ] as const;
    const text = screenWith({ gates });
    expect(lineWith(text, 'gates')).toMatch(/^ gates +drop open$/);
    expect(text).toMatch(/^ +wait closed, opens in 2\.3 beats, 4\.00 s held$/m);
    expect(text).toMatch(/^ +soon closing, opens in 0\.4 s$/m);
  });

  test('which keys are not for playing', () => {
    expect(screenWith({}).split('\n').at(-1)).toBe(
      ' Esc panic  Ctrl-Q quit  ? help  Tab [play] edges nodes gates help',
    );
  });
});

describe('thirty gates', () => {
  const gates = Array.from({ length: 30 }, (_, index) => ({
    id: `gate_${index}`,
    state: index % 3 === 0 ? ('open' as const) : ('closed' as const),
    whileClosed: 'hold' as const,
    ...(index === 20 ? { change: { opens: true, seconds: 2, beats: 4 } } : {}),
    heldSeconds: index === 29 ? 1.5 : 0,
  }));

  test('are counted on a small screen, and those first where something happens', () => {
    const text = screenWith({ gates }, { columns: 80, rows: 24 });
    expect(lineWith(text, 'gates')).toContain('30 gates, 10 open, 20 closed, 1 about to move, up to 1.5 s held');
  });

  test('leave their place to the notes and the device on a tiny one', () => {
    const text = screenWith({ gates }, { columns: 40, rows: 10 });
    expect([lineWith(text, 'device'), lineWith(text, 'xruns')].join()).not.toContain('there is no line');
  });

  test('show the busiest where there is room', () => {
    const text = screenWith({ gates }, { columns: 80, rows: 40 });
    const shown = text.split('\n').filter((line) => /^ {11}gate_/.test(line));
    expect(shown.slice(0, 2).map((line) => line.trim())).toEqual([
      'gate_20 closed, opens in 4.0 beats',
      'gate_29 closed, 1.50 s held',
    ]);
  });

  test('are listed on a page of their own', () => {
    const text = screenWith({ gates }, { columns: 80, rows: 24 }, { page: 'gates', scroll: 15 });
    expect(text).toMatch(/^ gate_20 +closed +hold +opens in 4\.0 beats *$/m);
    expect(text).toMatch(/^ gate_29 +closed +hold +1\.50 s$/m);
  });
});

describe('a list longer than the screen', () => {
  test('is scrolled, and says where it is', () => {
    const text = screenWith({ edges: manyEdges }, { columns: 80, rows: 23 }, { page: 'edges', scroll: 100 });
    expect(text).toContain('node_100.out -> node_101.in');
    expect(text).not.toContain('node_99.out ->');
    expect(text).toContain('101 to 119 of 200');
  });

  test('shows its end when it has become shorter than where it was scrolled to', () => {
    const text = screenWith(
      { edges: manyEdges.slice(0, 30) },
      { columns: 80, rows: 23 },
      { page: 'edges', scroll: 150 },
    );
    expect(text).toContain('node_29.out -> node_30.in');
  });
});

describe('of a thousand nodes', () => {
  const nodes = Array.from({ length: 1000 }, (_, index) => ({
    ...node,
    id: `n${index}`,
    share: index === 900 ? 0.2 : 0.1,
  }));

  test('80 x 24 shows the heaviest, and equal ones in the order of the patch', () => {
    const text = screenWith({ nodes }, { columns: 80, rows: 23 }, { page: 'nodes', scroll: 0 });
    const shown = [...text.matchAll(/^ (n\d+) /gm)].map((match) => match[1]);
    expect(shown.slice(0, 4)).toEqual(['n900', 'n0', 'n1', 'n2']);
  });

  test('80 x 24 tells how many stand, and which', () => {
    const standing = nodes.map((each, index) => ({ ...each, stands: index % 500 === 0 }));
    const text = screenWith({ nodes: standing }, { columns: 80, rows: 23 }, { page: 'nodes', scroll: 0 });
    expect(text).toMatch(/^ NODE, 2 stand /m);
    expect(text).toMatch(/^ n0 .* stands /m);
    expect(text).not.toMatch(/^ n1 .* stands /m);
  });

  test('120 x 40 tells how many frames one has not made', () => {
    const stood = nodes.map((each) => ({ ...each, stood: 4321 }));
    const text = screenWith({ nodes: stood }, { columns: 120, rows: 39 }, { page: 'nodes', scroll: 0 });
    expect(lineWith(text, 'n900')).toMatch(/ 4321$/);
  });

  test('80 x 24 has room for some of them to play by', () => {
    expect(screenWith({ nodes }, { columns: 80, rows: 23 })).toMatch(/^ n900 /m);
  });
});

describe('on 40 x 10', () => {
  const small = { columns: 40, rows: 9 };

  test('the lines that matter most are left', () => {
    const labels = screenWith({}, small)
      .split('\n')
      .map((line) => line.slice(1, 9).trim());
    expect(labels).toEqual([
      'Glass pa',
      'level L',
      'level R',
      'device',
      'latency',
      'load',
      'xruns',
      'MIDI',
      'Esc pani',
    ]);
  });

  test('a lost device and a notice come before what can wait', () => {
    const notices = [{ seconds: 1, text: 'the card was unplugged' }];
    const note = 'the card was unplugged';
    const text = screenWith({ notices, device: { ...sampleStatus().device, kind: 'clock', note } }, small);
    expect(text).toContain('clock: nobody hears it');
    expect(lineWith(text, 'xruns')).toContain('none');
  });
});

describe('every line fits', () => {
  const long =
    'a very long name that somebody gave to this thing without a thought for screens of eighty columns or fewer, 音量 '.repeat(
      3,
    );
  const sample = sampleStatus();
  const crowded: Partial<SessionStatus> = {
    patch: { ...sample.patch, name: long, path: `/home/${long}` },
    device: { ...sample.device, name: long, hostApi: 'JACK Audio Connection Kit', note: long, losses: 3 },
    midi: {
      available: true,
      ports: [1, 2, 3].map(() => ({ name: long, isConnected: false, messages: 1 })),
      lastMessage: long,
    },
    osc: { ...sample.osc, malformed: 123_456, dropped: 123_456, lastAddress: `/${long}` },
    player: { path: long, state: 'stopped', isLooping: false, seconds: 0, length: 1 },
    recording: { path: long, frames: 1, seconds: 36_000 },
    journal: { path: long, events: 123_456_789, error: long },
    temperature: { type: 'none', reason: long },
    notices: [1, 2, 3, 4, 5, 6].map((seconds) => ({ seconds, text: `\u001b[2J${long}` })),
    edges: manyEdges.map((edge) => ({ ...edge, name: long, depth: 123_456_789 })),
    nodes: manyEdges.map(() => ({ ...node, id: long, type: long, share: 12.3, max: 1e4, late: 123_456_789 })),
    levels: Array.from({ length: 64 }, () => ({ peak: 4, rms: 2 })),
  };

  test.each(
    [
      [20, 4],
      [40, 9],
      [80, 23],
      [120, 39],
      [200, 59],
    ].flatMap(([columns = 0, rows = 0]) => pages.map((page) => [columns, rows, page] as const)),
  )('on %d x %d, page %s', (columns, rows, page) => {
    const lines = screenWith(crowded, { columns, rows }, { page, scroll: 7 }).split('\n');
    expect(lines).toHaveLength(rows);
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns);
    expect(lines.at(-1)).toContain('Esc');
  });

  test('at any size, whatever there is to show', () => {
    const changes = fc.constantFrom<Partial<SessionStatus>>({}, crowded, { levels: [], edges: [], nodes: [] });
    const size = fc.record({ columns: fc.integer({ min: 1, max: 250 }), rows: fc.integer({ min: 2, max: 70 }) });
    fc.assert(
      fc.property(changes, size, fc.constantFrom(...pages), (change, where, page) => {
        const lines = screenWith(change, where, { page, scroll: 0 }).split('\n');
        expect(lines).toHaveLength(where.rows);
        expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(where.columns);
      }),
      { numRuns: 150 },
    );
  });

  test('numbers that are none are shown as such', () => {
    const none = Number.NaN;
    const text = screenWith({
      load: { mean: none, worst: none },
      latency: { device: none, engine: none, patch: none, total: none },
      levels: [{ peak: none, rms: none }],
    });
    expect(lineWith(text, 'latency')).toContain('device ? + engine ? + patch ? = ?');
    expect(lineWith(text, 'level 1')).toContain('peak      ? dB');
  });
});

describe('lines that are carried past Ink', () => {
  test('come back where they were', () => {
    for (const page of pages) {
      const frame = frameOf({ edges: manyEdges }, usual, { page, scroll: 3 });
      const carrier = new LineCarrier();
      const carried = renderToString(
        <CarrierContext.Provider value={carrier.pack}>
          <Screen {...frame} />
        </CarrierContext.Provider>,
        { columns: usual.columns },
      );
      const direct = renderToString(<Screen {...frame} />, { columns: usual.columns });
      expect(withoutColours(carrier.unpack(carried))).toBe(withoutColours(direct));
    }
  });
});

test('a new status is drawn over the one before', () => {
  const size = { columns: 100, rows: 30 };
  const app = renderForTest(<Screen {...frameOf({ seconds: 1 }, size)} />);
  expect(app.lastFrame()).toContain('0:01.0');
  app.rerender(<Screen {...frameOf({ seconds: 2 }, size)} />);
  expect(app.lastFrame()).toContain('0:02.0');
  expect(app.lastFrame()).not.toContain('0:01.0');
  app.unmount();
});
