import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MidiFile } from '../../src/control/midi-file.js';
import { readMidiFile } from '../../src/control/midi-file.js';
import { performanceEventOf } from '../../src/control/midi-message.js';
import type { TrackEvent } from './midi-bytes.js';
import { midiFile, tempo } from './midi-bytes.js';

const dataByte = fc.integer({ min: 0, max: 127 });
const status = fc.integer({ min: 0x80, max: 0xef }).filter((byte) => (byte & 0xf0) !== 0xc0 && (byte & 0xf0) !== 0xd0);
const delta = fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 1_000_000 }));

/** A message of three bytes at its time. */
const message = fc.tuple(delta, status, dataByte, dataByte);
const track = fc.array(message, { maxLength: 40 });
const division = fc.integer({ min: 1, max: 32_767 });

function read(bytes: Uint8Array): MidiFile {
  const reading = readMidiFile(bytes);
  if (!reading.ok) {
    throw new Error(reading.error.message);
  }
  return reading.file;
}

test('every message is read, in order, as what it means', () => {
  fc.assert(
    fc.property(track, (events) => {
      const expected = events.flatMap(([, ...bytes]) => performanceEventOf(bytes) ?? []);
      const found = read(midiFile({ tracks: [events] })).events.map(({ seconds: _, ...event }) => event);
      expect(found).toEqual(expected);
    }),
  );
});

test('at one tempo a time is its ticks times the length of a tick', () => {
  fc.assert(
    fc.property(track, division, fc.integer({ min: 1, max: 0xff_ffff }), (events, ticks, microseconds) => {
      const total = events.reduce((sum, [ticksBefore]) => sum + ticksBefore, 0);
      const file = read(midiFile({ division: ticks, tracks: [[tempo(0, microseconds), ...events]] }));
      expect(file.seconds).toBe((total * microseconds) / (ticks * 1_000_000));
    }),
  );
});

test('times never go back', () => {
  const change = fc.tuple(delta, fc.integer({ min: 1, max: 0xff_ffff })).map(([ticks, length]) => tempo(ticks, length));
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.oneof(message, change), { maxLength: 30 }), { minLength: 1, maxLength: 4 }),
      (tracks) => {
        const { events, seconds } = read(midiFile({ format: 1, tracks }));
        const times = [0, ...events.map((event) => event.seconds), seconds];
        expect(times).toEqual([...times].sort((a, b) => a - b));
      },
    ),
  );
});

test('a change to the tempo that holds already changes no event', () => {
  fc.assert(
    fc.property(track, track, fc.integer({ min: 1, max: 0xff_ffff }), (before, after, microseconds) => {
      const first = tempo(0, microseconds);
      const plain = read(midiFile({ tracks: [[first, ...before, ...after]] }));
      const repeated = read(midiFile({ tracks: [[first, ...before, tempo(0, microseconds), ...after]] }));
      expect(repeated).toEqual(plain);
    }),
  );
});

test('leaving out repeated statuses changes no event', () => {
  fc.assert(
    fc.property(track, (events) => {
      const shortened = events.map(([ticks, state, ...data], index): TrackEvent => {
        return events[index - 1]?.[1] === state ? [ticks, ...data] : [ticks, state, ...data];
      });
      expect(readMidiFile(midiFile({ tracks: [shortened] }))).toEqual(readMidiFile(midiFile({ tracks: [events] })));
    }),
  );
});

test('two tracks give the events of each in its order', () => {
  fc.assert(
    fc.property(track, track, (first, second) => {
      const onChannel = (events: typeof first, channel: number) =>
        events.map(([ticks, state, ...data]): TrackEvent => [ticks, (state & 0xf0) | channel, ...data]);
      const tracks = [onChannel(first, 0), onChannel(second, 1)];
      const both = read(midiFile({ tracks })).events;
      for (const [channel, events] of tracks.entries()) {
        const alone = read(midiFile({ tracks: [events] })).events;
        expect(both.filter((event) => event.channel === channel + 1)).toEqual(alone);
      }
    }),
  );
});

test('a file that is cut anywhere is refused', () => {
  fc.assert(
    fc.property(fc.array(track, { minLength: 1, maxLength: 3 }), fc.nat(), (tracks, at) => {
      const whole = midiFile({ format: 1, tracks });
      expect(readMidiFile(whole.subarray(0, at % whole.length)).ok).toBe(false);
    }),
  );
});

test('no bytes make it throw, and an error lies within the file', () => {
  const damaged = fc.tuple(track, fc.array(fc.tuple(fc.nat(), dataByte))).map(([events, damages]) => {
    const bytes = midiFile({ tracks: [events] });
    for (const [at, byte] of damages) {
      bytes[at % bytes.length] = byte * 2;
    }
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), (bytes) => {
      const reading = readMidiFile(bytes);
      const offset = reading.ok ? 0 : reading.error.offset;
      expect(offset).toBeGreaterThanOrEqual(0);
      expect(offset).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 500 },
  );
});
