import { describe, expect, test } from 'vitest';
import type { MidiFile } from '../../src/control/midi-file.js';
import { readMidiFile } from '../../src/control/midi-file.js';
import type { TimedEvent } from '../../src/control/performance-event.js';
import type { FileSketch } from './midi-bytes.js';
import { chunk, endOfTrack, midiFile, tempo, timecode } from './midi-bytes.js';

function read(sketch: FileSketch): MidiFile {
  const reading = readMidiFile(midiFile(sketch));
  if (!reading.ok) {
    throw new Error(reading.error.message);
  }
  return reading.file;
}

function eventsOf(...bytes: readonly number[]): readonly TimedEvent[] {
  return read({ tracks: [[[0, bytes[0] ?? 0, ...bytes.slice(1)]]] }).events;
}

describe('a message', () => {
  test.each<[string, readonly number[], object]>([
    ['note on', [0x90, 60, 127], { type: 'note_on', channel: 1, note: 60, velocity: 1 }],
    ['a soft note on', [0x9f, 0, 1], { type: 'note_on', channel: 16, note: 0, velocity: 1 / 127 }],
    ['note on without velocity', [0x92, 60, 0], { type: 'note_off', channel: 3, note: 60 }],
    ['note off', [0x81, 127, 64], { type: 'note_off', channel: 2, note: 127 }],
    ['pedal down', [0xb0, 64, 64], { type: 'sustain', channel: 1, isDown: true }],
    ['pedal up', [0xb0, 64, 63], { type: 'sustain', channel: 1, isDown: false }],
    ['timbre', [0xb0, 74, 127], { type: 'timbre', channel: 1, timbre: 1 }],
    ['all sound off', [0xb4, 120, 0], { type: 'all_notes_off', channel: 5 }],
    ['all notes off', [0xb4, 123, 0], { type: 'all_notes_off', channel: 5 }],
    ['wheel at rest', [0xe0, 0, 64], { type: 'pitch_bend', channel: 1, semitones: 0 }],
    ['wheel down', [0xe0, 0, 0], { type: 'pitch_bend', channel: 1, semitones: -2 }],
    ['wheel up', [0xe0, 127, 127], { type: 'pitch_bend', channel: 1, semitones: (8191 / 8192) * 2 }],
    ['wheel by its low byte', [0xe0, 1, 64], { type: 'pitch_bend', channel: 1, semitones: 2 / 8192 }],
    ['pressure on a channel', [0xd3, 127], { type: 'channel_pressure', channel: 4, pressure: 1 }],
    ['pressure on a note', [0xa3, 61, 127], { type: 'note_pressure', channel: 4, note: 61, pressure: 1 }],
  ])('%s is understood', (_, bytes, expected) => {
    expect(eventsOf(...bytes)).toEqual([{ ...expected, seconds: 0 }]);
  });

  test.each<[string, readonly number[]]>([
    ['a change of program', [0xc0, 5]],
    ['a controller that nothing listens to', [0xb0, 7, 100]],
    ['a name', [0xff, 0x03, 2, 0x41, 0x42]],
    ['a meter', [0xff, 0x58, 4, 3, 2, 24, 8]],
    ['system exclusive data', [0xf0, 3, 1, 2, 0xf7]],
    ['an unknown meta event', [0xff, 0x60, 1, 9]],
  ])('%s is passed over', (_, bytes) => {
    expect(eventsOf(...bytes)).toEqual([]);
  });
});

describe('time', () => {
  test('runs at 120 quarter notes a minute until a tempo is given', () => {
    const file = read({ division: 480, tracks: [[[480, 0x90, 60, 1]]] });
    expect(file.events[0]?.seconds).toBe(0.5);
  });

  test('follows each change of tempo from its tick on', () => {
    const file = read({
      division: 100,
      tracks: [[[50, 0x90, 60, 1], tempo(50, 1_000_000), [50, 0x80, 60, 0], tempo(50, 250_000), [400, 0x90, 61, 1]]],
    });
    expect(file.events.map(({ seconds }) => seconds)).toEqual([0.25, 1, 2.5]);
  });

  test('follows the tempo of another track', () => {
    const file = read({ division: 100, tracks: [[tempo(0, 1_000_000)], [[100, 0x90, 60, 1]]] });
    expect(file.events[0]?.seconds).toBe(1);
  });

  test('has the last of several tempos on one tick', () => {
    const file = read({ division: 100, tracks: [[tempo(0, 1), tempo(0, 2_000_000), [100, 0x90, 60, 1]]] });
    expect(file.events[0]?.seconds).toBe(2);
  });

  test.each([
    [24, 1],
    [25, 1],
    [29, 1.001],
    [30, 1],
  ])('counts ticks of SMPTE frames at %d frames a second', (rate, seconds) => {
    const nominal = rate === 29 ? 30 : rate;
    const file = read({ division: timecode(rate, 40), tracks: [[tempo(0, 1), [nominal * 40, 0x90, 60, 1]]] });
    expect(file.events[0]?.seconds).toBe(seconds);
  });

  test('ends with the last end of a track', () => {
    const file = read({ division: 100, tracks: [[[100, 0x90, 60, 1]], [[600, 0xc0, 0]]] });
    expect(file.seconds).toBe(3);
  });

  test('stays exact over the longest deltas', () => {
    const largest = 0x0fff_ffff;
    const deltas = [largest, largest, largest] as const;
    const file = read({
      division: 1,
      tracks: [[tempo(0, 3), ...deltas.map((delta) => [delta, 0x90, 60, 1] as const)]],
    });
    expect(file.events.map(({ seconds }) => seconds)).toEqual([1, 2, 3].map((n) => (n * largest * 3) / 1_000_000));
  });
});

describe('the order', () => {
  test('is that of time over all tracks', () => {
    const file = read({
      tracks: [
        [
          [10, 0x90, 1, 1],
          [20, 0x90, 3, 1],
        ],
        [
          [20, 0x90, 2, 1],
          [20, 0x90, 4, 1],
        ],
      ],
    });
    expect(file.events).toMatchObject([{ note: 1 }, { note: 2 }, { note: 3 }, { note: 4 }]);
  });

  test('on one tick is that of the tracks, then of the file', () => {
    const file = read({
      tracks: [
        [
          [10, 0x80, 1, 1],
          [0, 0x90, 2, 1],
        ],
        [
          [10, 0x90, 3, 1],
          [0, 0x80, 4, 1],
        ],
      ],
    });
    expect(file.events).toMatchObject([{ note: 1 }, { note: 2 }, { note: 3 }, { note: 4 }]);
  });
});

describe('a file', () => {
  test('may leave out a status that is the same as before', () => {
    const file = read({
      tracks: [
        [
          [0, 0x90, 60, 1],
          [1, 61, 2],
          [1, 62, 0],
        ],
      ],
    });
    expect(file.events).toMatchObject([
      { type: 'note_on', note: 60 },
      { type: 'note_on', note: 61 },
      { type: 'note_off', note: 62 },
    ]);
  });

  test('may hold chunks of unknown names', () => {
    const file = midiFile({ tracks: [[[0, 0x90, 60, 1]]] });
    const odd = chunk('XFIH', [1, 2, 3]);
    const bytes = Uint8Array.from([...file.subarray(0, 14), ...odd, ...file.subarray(14), ...odd]);
    const reading = readMidiFile(bytes);
    expect(reading.ok && reading.file.events).toMatchObject([{ note: 60 }]);
  });

  test('may have a header with more than the standard asks', () => {
    const track = midiFile({ tracks: [[[0, 0x90, 60, 1]]] }).subarray(14);
    const bytes = Uint8Array.from([...chunk('MThd', [0, 0, 0, 1, 1, 0xe0, 9, 9]), ...track]);
    expect(readMidiFile(bytes)).toMatchObject({ ok: true });
  });

  test('may be a part of a larger buffer', () => {
    const file = midiFile({ tracks: [[[0, 0x90, 60, 1]]] });
    const buffer = new Uint8Array(file.length + 20);
    buffer.set(file, 10);
    expect(readMidiFile(buffer.subarray(10, 10 + file.length))).toEqual(readMidiFile(file));
  });

  test('may be long', () => {
    const notes = Array.from({ length: 100_000 }, (_, index) => [1, 0x90, index % 128, 64] as const);
    expect(read({ tracks: [notes] }).events).toHaveLength(100_000);
  });
});

describe('a file is refused, with the place and what is wrong,', () => {
  const note = [0, 0x90, 60, 1] as const;
  const good = midiFile({ tracks: [[note]] });
  const track = (...content: readonly number[]) =>
    Uint8Array.from([...good.subarray(0, 14), ...chunk('MTrk', content)]);

  test.each<[string, Uint8Array, number, RegExp]>([
    ['when it is empty', new Uint8Array(0), 0, /found 0 bytes/],
    ['when it is something else', new TextEncoder().encode('RIFF....WAVE'), 0, /expected the header.*"RIFF"/],
    ['when its header is cut', good.subarray(0, 10), 0, /announces 6 bytes, but 2 are left/],
    ['when its header is short', Uint8Array.from(chunk('MThd', [0, 0])), 0, /expected the header/],
    ['when it has no track', good.subarray(0, 14), 14, /expected 1 tracks, found 0/],
    [
      'when tracks are missing',
      midiFile({ tracks: [[note]], announced: 3, format: 1 }),
      good.length,
      /3 tracks, found 1/,
    ],
    ['when a track is cut', good.subarray(0, good.length - 1), 14, /"MTrk" announces 8 bytes, but 7 are left/],
    ['of format 2', midiFile({ format: 2, tracks: [[note]] }), 8, /format 2: 0 and 1 can be played; its tracks/],
    ['of a format to come', midiFile({ format: 7, tracks: [[note]] }), 8, /format 7: 0 and 1 can be played/],
    ['when a tick lasts for ever', midiFile({ division: 0, tracks: [[note]] }), 12, /0 ticks a quarter note/],
    [
      'at an unknown rate of frames',
      midiFile({ division: timecode(26, 4), tracks: [[note]] }),
      12,
      /26 frames a second/,
    ],
    ['at 0 ticks a frame', midiFile({ division: timecode(25, 0), tracks: [[note]] }), 12, /0 ticks a frame/],
    ['when a tempo is 0', midiFile({ tracks: [[note, tempo(0, 0)]] }), 14, /track 1 of 1, event 2: a tempo of 0/],
    [
      'when a data byte is too large',
      track(0, 0x90, 0xc8, 1, 0, 0xff, 0x2f, 0),
      14,
      /event 1: noteOn with a data byte of 200/,
    ],
    ['when a track does not end', track(0, 0x90, 60, 1), 14, /track 1 of 1: it ends without/],
    ['when an event is cut', track(0, 0x90, 60), 14, /it ends without/],
    ['when a status is unknown', track(0, 0xf4, 0, 0xff, 0x2f, 0), 14, /track 1 of 1: .*244/],
    ['when a status is left out at first', track(0, 60, 1, 0, 0xff, 0x2f, 0), 14, /track 1 of 1: /],
    ['when a meta event has a wrong length', track(0, 0xff, 0x51, 2, 1, 1, 0, 0xff, 0x2f, 0), 14, /setTempo/],
  ])('%s', (_, bytes, offset, message) => {
    expect(readMidiFile(bytes)).toEqual({ ok: false, error: { offset, message: expect.stringMatching(message) } });
  });

  test('when it lasts too long to be counted exactly', () => {
    const deltas = Array.from({ length: 10 }, () => [0x0fff_ffff, 0x90, 60, 1] as const);
    const bytes = midiFile({ tracks: [[tempo(0, 0xff_ffff), ...deltas, endOfTrack(0)]] });
    expect(readMidiFile(bytes)).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/too many ticks/) },
    });
  });
});
