import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TimedControlEvent } from '../../src/control/control-event.js';
import { floatText } from '../../src/control/float-text.js';
import type { JournalEvent, JournalHandOver, JournalHeader, JournalPlan } from '../../src/control/journal.js';
import {
  decodeJournal,
  encodeEnd,
  encodeEvent,
  encodeHandOver,
  encodeHeader,
  encodePlanLine,
  encodeReached,
} from '../../src/control/journal.js';

const header: JournalHeader = {
  engine: '0.1.0',
  sampleRate: 48_000,
  block: 64,
  workers: 2,
  channels: 2,
  latency: 48,
  seed: 7,
};
const plan: JournalPlan = { sha256: '0123456789abcdef'.repeat(4), bytes: new Uint8Array([0, 1, 254, 255]) };
const opening = encodeHeader(header) + encodePlanLine(plan);

const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const channel = fc.integer({ min: 1, max: 16 });
const note = fc.integer({ min: 0, max: 127 });
const index = fc.integer({ min: 0, max: 0xffff_ffff });
const limits = { rate: float, acceleration: float, area: float };

/** Every kind of event, without its frame. */
const gesture = fc.oneof(
  fc.record({ type: fc.constant('note_on'), channel, note, velocity: float }),
  fc.record({ type: fc.constant('note_off'), channel, note }),
  fc.record({ type: fc.constant('pitch_bend'), channel, semitones: float }),
  fc.record({ type: fc.constant('note_pressure'), channel, note, pressure: float }),
  fc.record({ type: fc.constant('channel_pressure'), channel, pressure: float }),
  fc.record({ type: fc.constant('timbre'), channel, timbre: float }),
  fc.record({ type: fc.constant('sustain'), channel, isDown: fc.boolean() }),
  fc.record({ type: fc.constant('all_notes_off'), channel: fc.oneof(channel, fc.constant('all')) }),
  fc.record(
    { type: fc.constant('set_parameter'), node: index, parameter: index, value: float, ...limits },
    { requiredKeys: ['type', 'node', 'parameter', 'value'] },
  ),
  fc.record(
    { type: fc.constant('set_edge_gain'), edge: index, value: float, ...limits },
    { requiredKeys: ['type', 'edge', 'value'] },
  ),
  fc.record({ type: fc.constant('set_gate'), gate: index, change: fc.constantFrom('close', 'open', 'toggle') }),
  fc.record({ type: fc.constant('drain_node'), node: index, isDrained: fc.boolean() }),
  fc.record({ type: fc.constant('shed_voice'), node: index, voice: index }),
);

/** Events whose frames never fall. */
const performance = fc
  .array(fc.tuple(gesture, fc.integer({ min: 0, max: 1_000_000 }), fc.nat()), { maxLength: 20 })
  .map((entries) => {
    let frame = 0;
    return entries.map(([event, step, sequence]): JournalEvent => {
      frame += step;
      return { event: { ...event, frame } as TimedControlEvent, sequence };
    });
  });

describe('the text of a float', () => {
  test('gives the same bits back', () => {
    fc.assert(
      fc.property(float, (value) => {
        expect(Math.fround(JSON.parse(floatText(value)))).toBe(value);
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    [0.1, '0.1'],
    [0, '0'],
    [-0, '-0'],
    [16_777_216, '16777216'],
    [2 ** -149, '1e-45'],
    [3.402_823_466_385_288_6e38, '3.4028235e+38'],
    [1 / 3, '0.33333334'],
  ])('%s is as short as can be: %s', (value, text) => {
    expect(floatText(Math.fround(value))).toBe(text);
  });
});

describe('a journal', () => {
  test('comes back as it was written', () => {
    fc.assert(
      fc.property(performance, fc.nat(), (events, frames) => {
        const text = opening + events.map(encodeEvent).join('') + encodeEnd(frames);
        const segments = [{ plan, planLine: 2, events }];
        expect(decodeJournal(text)).toEqual({ ok: true, journal: { header, segments, frames, isWhole: true } });
      }),
    );
  });

  test('that is cut at any byte comes back up to its last whole line', () => {
    fc.assert(
      fc.property(performance, fc.double({ min: 0, max: 1, noNaN: true }), (events, share) => {
        const text = opening + events.map(encodeEvent).join('') + encodeEnd(9_000_000_000);
        const cut = text.slice(0, opening.length + Math.floor(share * (text.length - 1 - opening.length)));
        const wholeLines = cut.split('\n').length - 3;
        const decoding = decodeJournal(cut);
        expect(decoding.ok && decoding.journal.isWhole).toBe(false);
        expect(decoding.ok && decoding.journal.segments[0].events).toEqual(events.slice(0, wholeLines));
      }),
      { numRuns: 500 },
    );
  });

  test('that is cut before its plan is whole is refused in words, at every byte', () => {
    for (let length = 0; length < opening.length; length++) {
      const decoding = decodeJournal(opening.slice(0, length));
      expect(decoding.ok ? '' : decoding.error.message).toMatch(/broke off|expected the first line/);
    }
  });

  test('that broke off lasts to the frame that it says was reached', () => {
    const decoding = decodeJournal(`${opening}${encodeReached(48_000)}{"f":50`);
    expect(decoding.ok && decoding.journal.frames).toBe(48_000);
  });

  test('that broke off lasts beyond its last event', () => {
    const event = { type: 'note_off', channel: 1, note: 60, frame: 99 } as const;
    const decoding = decodeJournal(opening + encodeReached(48) + encodeEvent({ event, sequence: 1 }));
    expect(decoding.ok && decoding.journal.frames).toBe(100);
  });

  test('says of each hand-over which plan took over, and what was played with it', () => {
    const other: JournalPlan = { sha256: 'f'.repeat(64), bytes: new Uint8Array([9]) };
    const handOver = (frame: number): JournalHandOver => ({ frame, kind: 'after_time', crossfade: 0.03, ring: 2.5 });
    const lines = [
      eventAt(5),
      encodePlanLine(other).trimEnd(),
      encodeHandOver(other.sha256, handOver(7)).trimEnd(),
      eventAt(8),
      encodeHandOver(plan.sha256, handOver(8)).trimEnd(),
    ];
    const decoding = decodeJournal(withLine(lines.join('\n')) + encodeEnd(20));
    const eventOf = (frame: number) => ({ event: { type: 'note_off', channel: 1, note: 60, frame }, sequence: frame });
    expect(decoding.ok && decoding.journal.segments).toEqual([
      { plan, planLine: 2, events: [eventOf(5)] },
      { plan: other, planLine: 4, handOver: handOver(7), events: [eventOf(8)] },
      { plan, planLine: 2, handOver: handOver(8), events: [] },
    ]);
  });

  test('that broke off after a hand-over lasts beyond its frame', () => {
    const text = opening + encodeHandOver(plan.sha256, { frame: 70, kind: 'reload', crossfade: 0, ring: 0 });
    const decoding = decodeJournal(`${text}{"f":`);
    expect(decoding.ok && decoding.journal).toMatchObject({ frames: 71, isWhole: false });
  });

  const withLine = (line: string) => `${opening}${line}\n`;
  test.each([
    ['another kind of file', 'RIFF\n', 1, 'expected the first line of a journal'],
    ['another kind of JSON', '{"amp":1}\n', 1, 'expected the first line of a journal'],
    ['an empty file', '', 1, 'expected the first line of a journal'],
    ['a later version', opening.replace('"amp-live journal":1', '"amp-live journal":2'), 1, 'version 2'],
    ['a version in words', opening.replace('"amp-live journal":1', '"amp-live journal":"one"'), 1, 'version "one"'],
    ['a header without a block', opening.replace('"block":64,', ''), 1, '"block" is undefined'],
    ['a plan that is no base64', opening.replace('"base64":"', '"base64":"?'), 2, 'not base64'],
    ['a line that is no JSON', withLine('{"f":'), 3, 'expected one JSON object'],
    ['an event of an unknown type', withLine('{"f":1,"s":1,"e":{"type":"dance"}}'), 3, 'type "dance"'],
    ['a note beyond 127', withLine('{"f":1,"s":1,"e":{"type":"note_off","channel":1,"note":128}}'), 3, '"note" is 128'],
    [
      'a value beyond all floats',
      withLine('{"f":1,"s":1,"e":{"type":"timbre","channel":1,"timbre":1e39}}'),
      3,
      '"timbre"',
    ],
    [
      'a field that nobody knows',
      withLine('{"f":1,"s":1,"e":{"type":"note_off","channel":1,"note":1,"x":1}}'),
      3,
      '"x"',
    ],
    ['a frame before the last one', withLine(`${eventAt(9)}\n${eventAt(8)}`), 4, 'frame 8 is before'],
    [
      'a hand-over to a plan that is not there',
      withLine('{"handOver":"abc","frame":1,"kind":"reload","crossfade":0,"ring":0}'),
      3,
      '"handOver" is "abc"',
    ],
    [
      'a hand-over of an unknown kind',
      withLine(`{"handOver":"${plan.sha256}","frame":1,"kind":"swap","crossfade":0,"ring":0}`),
      3,
      '"kind" is "swap"; "reload", "after_last_note", "after_time" fit',
    ],
    [
      'a hand-over whose crossfade is no time',
      withLine(`{"handOver":"${plan.sha256}","frame":1,"kind":"reload","crossfade":-1,"ring":0}`),
      3,
      'seconds from 0 on',
    ],
    [
      'a hand-over before the last event',
      withLine(`${eventAt(9)}\n{"handOver":"${plan.sha256}","frame":8,"kind":"reload","crossfade":0,"ring":0}`),
      4,
      'frame 8 is before',
    ],
    ['lines after the end', withLine(`{"end":5}\n${eventAt(1)}`), 4, 'after the end'],
  ])('is refused with its line when it is %s', (_, text, line, message) => {
    expect(decodeJournal(text)).toEqual({ ok: false, error: { line, message: expect.stringContaining(message) } });
  });

  test('whose bytes are changed anywhere is read or refused in words, never with an exception', () => {
    const text = `${opening}${eventAt(5)}\n${encodeEnd(10)}`;
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const changed = text.slice(0, at) + String.fromCharCode(byte) + text.slice(at + 1);
        expect(typeof decodeJournal(changed).ok).toBe('boolean');
      }),
      { numRuns: 2000 },
    );
  });
});

function eventAt(frame: number): string {
  return encodeEvent({ event: { type: 'note_off', channel: 1, note: 60, frame }, sequence: frame }).trimEnd();
}
