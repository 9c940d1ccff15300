import { describe, expect, test } from 'vitest';
import type { ControlEvent } from '../../src/control/control-event.js';
import { ComputerKeys } from '../../src/control/keys.js';

/** Presses at their times, in milliseconds, and looks at every millisecond for what ends; each event with its time. */
function played(presses: readonly (readonly [time: number, key: string])[], until = 3000): readonly string[] {
  const keys = new ComputerKeys(1);
  const heard: string[] = [];
  for (let time = 0; time <= until; time++) {
    const events: ControlEvent[] = [...keys.expire(time)];
    for (const [, key] of presses.filter(([at]) => at === time)) {
      events.push(...keys.press(key, time));
    }
    for (const event of events) {
      const note = 'note' in event ? event.note : '';
      heard.push(`${time} ${event.type} ${note}`);
    }
  }
  return heard;
}

/** As a keyboard repeats that is held: after half a second, then 30 times a second. */
function heldKey(key: string, from: number, to: number): [number, string][] {
  const presses: [number, string][] = [[from, key]];
  for (let time = from + 500; time <= to; time += 33) {
    presses.push([time, key]);
  }
  return presses;
}

describe('computer keys', () => {
  test('the lower row is an octave from C3, the upper row goes on at C4', () => {
    const notes = [...'zsxdcvgbhnjm', ...'q2w3er5t6y7ui9o0p'].map((key) => {
      const [event] = new ComputerKeys(1).press(key, 0);
      return event?.type === 'note_on' ? event.note : undefined;
    });
    expect(notes).toEqual([
      ...Array.from({ length: 12 }, (_, i) => 48 + i),
      ...Array.from({ length: 17 }, (_, i) => 60 + i),
    ]);
  });

  test('play their channel at four fifths of full velocity', () => {
    expect(new ComputerKeys(5).press('q', 0)).toEqual([{ type: 'note_on', channel: 5, note: 60, velocity: 0.8 }]);
  });

  test('a tap sounds a little longer than half a second', () => {
    expect(played([[0, 'q']])).toEqual(['0 note_on 60', '620 note_off 60']);
  });

  test('a held key sounds without a break until its repeats stop', () => {
    const last = heldKey('q', 0, 2000).at(-1)?.[0] ?? 0;
    expect(played(heldKey('q', 0, 2000))).toEqual(['0 note_on 60', `${last + 120} note_off 60`]);
  });

  test('a key that is struck again soon is struck again', () => {
    const pressed: [number, string][] = [
      [0, 'q'],
      [250, 'q'],
    ];
    expect(played(pressed)).toEqual(['0 note_on 60', '250 note_off 60', '250 note_on 60', '870 note_off 60']);
  });

  test('keys sound together', () => {
    const pressed: [number, string][] = [
      [0, 'q'],
      [100, 'e'],
    ];
    expect(played(pressed)).toEqual(['0 note_on 60', '100 note_on 64', '620 note_off 60', '720 note_off 64']);
  });

  test('"-" and "=" shift by octaves, and a note ends where it began', () => {
    const pressed: [number, string][] = [
      [0, 'q'],
      [10, '='],
      [20, 'w'],
      [30, '-'],
      [30, '-'],
      [40, 'z'],
    ];
    expect(played(pressed).slice(0, 4)).toEqual(['0 note_on 60', '20 note_on 74', '40 note_on 36', '620 note_off 60']);
  });

  test('no shift leaves the notes of MIDI', () => {
    for (const shift of ['-', '=']) {
      const keys = new ComputerKeys(1);
      for (let press = 0; press < 50; press++) {
        keys.press(shift, press);
      }
      const notes = ['z', 'p'].map((key) => keys.press(key, 100)[0]);
      for (const event of notes) {
        expect(event?.type === 'note_on' && event.note >= 0 && event.note <= 127).toBe(true);
      }
    }
  });

  test('other keys play nothing', () => {
    expect(['up', 'enter', 'f1', 'a', '['].flatMap((key) => new ComputerKeys(1).press(key, 0))).toEqual([]);
  });
});
