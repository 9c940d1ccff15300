import { describe, expect, test } from 'vitest';
import type { TimedControlEvent } from '../../src/control/control-event.js';
import { MidiPlayer } from '../../src/control/midi-player.js';
import type { TimedEvent } from '../../src/control/performance-event.js';

const on = (note: number, seconds: number): TimedEvent => ({ type: 'note_on', channel: 1, note, velocity: 1, seconds });
const off = (note: number, seconds: number): TimedEvent => ({ type: 'note_off', channel: 1, note, seconds });

/** A player at 1000 frames a second, so that frames are milliseconds, and all that it posts. */
function playerOf(events: readonly TimedEvent[], seconds: number, isLooping = false) {
  const player = new MidiPlayer({ events, seconds }, { sampleRate: 1000, isLooping });
  const posted: TimedControlEvent[] = [];
  const play = (now: number, horizon = now + 100) => {
    player.play(now, horizon, (event) => {
      posted.push(event);
      return true;
    });
  };
  return { player, posted, play };
}

const words = (events: readonly TimedControlEvent[]) =>
  events.map((event) => `${event.frame} ${event.type} ${'note' in event ? event.note : ''}`.trim());

describe('a MIDI file', () => {
  test('is posted from the first call on, so far ahead as is asked', () => {
    const { posted, play } = playerOf([on(60, 0), off(60, 0.05), on(62, 0.1), off(62, 0.2)], 0.3);
    play(5000);
    expect(words(posted)).toEqual(['5000 note_on 60', '5050 note_off 60']);
  });

  test('is posted once, whatever the steps', () => {
    const { posted, play } = playerOf([on(60, 0), off(60, 0.05), on(62, 0.1), off(62, 0.2)], 0.3);
    for (let now = 0; now < 500; now += 7) {
      play(now);
    }
    expect(words(posted)).toEqual(['0 note_on 60', '50 note_off 60', '100 note_on 62', '200 note_off 62']);
  });

  test.each([
    ['that has no length', [on(60, 0)], 0],
    ['without events', [], 1],
  ])('%s does not loop, whatever is asked', (_, events, seconds) => {
    const { player, play } = playerOf(events, seconds, true);
    play(0);
    expect({ state: player.state, isLooping: player.isLooping }).toEqual({ state: 'finished', isLooping: false });
  });

  test('goes round without a gap', () => {
    const { posted, play } = playerOf([on(60, 0), off(60, 0.3)], 0.3333, true);
    play(0, 1000);
    expect(words(posted).filter((word) => word.includes('on'))).toEqual([
      '0 note_on 60',
      '333 note_on 60',
      '667 note_on 60',
    ]);
  });

  test('leaves no note, pedal or wheel behind at its end', () => {
    const { posted, play } = playerOf(
      [
        on(60, 0),
        { type: 'sustain', channel: 2, isDown: true, seconds: 0 },
        { type: 'pitch_bend', channel: 1, semitones: 1, seconds: 0.01 },
      ],
      0.05,
    );
    play(0);
    expect(words(posted).slice(3)).toEqual(['50 note_off 60', '50 sustain', '50 pitch_bend']);
  });

  test('comes to its end', () => {
    const { player, play } = playerOf([on(60, 0), off(60, 0.05)], 0.06);
    play(0);
    expect(player.state).toBe('finished');
  });

  test.each([
    ['nothing in it', [], 1],
    ['no length', [on(60, 0), off(60, 0)], 0],
  ])('with %s does not go round for ever at once', (_, events, seconds) => {
    const { player, play } = playerOf(events, seconds, true);
    play(0);
    expect(player.state).toBe('finished');
  });

  test('that is denser than anything leaves room for others', () => {
    const { posted, play } = playerOf([on(60, 0), off(60, 0.000_01)], 0.000_02, true);
    play(0);
    expect(posted.length).toBeLessThanOrEqual(512);
  });

  test('goes on where the queue was full', () => {
    const player = new MidiPlayer(
      { events: [on(60, 0), on(61, 0)], seconds: 1 },
      { sampleRate: 1000, isLooping: false },
    );
    const posted: TimedControlEvent[] = [];
    let room = 1;
    const post = (event: TimedControlEvent) => {
      room -= 1;
      return room >= 0 && posted.push(event) > 0;
    };
    player.play(0, 100, post);
    room = 10;
    player.play(5, 105, post);
    expect(words(posted)).toEqual(['0 note_on 60', '0 note_on 61']);
  });

  test('tells where it is', () => {
    const { player, play } = playerOf([on(60, 0), off(60, 0.3)], 0.4, true);
    play(1000);
    expect([player.secondsAt(1000), player.secondsAt(1300), player.secondsAt(1500)]).toEqual([
      0,
      0.3,
      expect.closeTo(0.1, 9),
    ]);
  });
});

describe('a MIDI file that is stopped', () => {
  test('releases its notes at once', () => {
    const { player, play } = playerOf([on(60, 0), on(64, 0.01), off(64, 0.02), off(60, 1)], 2);
    play(0);
    expect(words(player.stop(50))).toEqual(['50 note_off 60']);
  });

  test('releases where they begin the notes that were posted ahead', () => {
    const { player, play } = playerOf([on(60, 0.07), off(60, 0.09)], 2);
    play(0);
    expect(words(player.stop(50))).toEqual(['70 note_off 60']);
  });

  test('posts no more', () => {
    const { player, posted, play } = playerOf([on(60, 0), off(60, 0.2)], 2);
    play(0);
    player.stop(50);
    play(150);
    expect(words(posted)).toEqual(['0 note_on 60']);
  });

  test('lifts its pedal', () => {
    const { player, play } = playerOf([{ type: 'sustain', channel: 1, isDown: true, seconds: 0 }], 2);
    play(0);
    expect(player.stop(50)).toEqual([{ type: 'sustain', channel: 1, isDown: false, frame: 50 }]);
  });

  test('lets a live note of the same key begin after what was posted for it', () => {
    const { player, play } = playerOf([on(60, 0), off(60, 0.08)], 2);
    play(0);
    player.stop(50);
    expect([player.clearFrame(1, 60, 50), player.clearFrame(1, 61, 50), player.clearFrame(1, 60, 90)]).toEqual([
      80, 50, 90,
    ]);
  });
});
