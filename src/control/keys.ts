// The keys of a computer as keys of a piano. A terminal tells presses and repeats, but no release.

import type { ControlEvent } from './control-event.js';

/** Two rows of a keyboard, each from a C on, with the black keys in the row above. */
const lowerRow = 'zsxdcvgbhnjm';
const upperRow = 'q2w3er5t6y7ui9o0p';

const semitoneOf: ReadonlyMap<string, number> = new Map([
  ...[...lowerRow].map((key, index): [string, number] => [key, index]),
  ...[...upperRow].map((key, index): [string, number] => [key, index + 12]),
]);

/** C3, an octave below middle C. */
const lowestNote = 48;
const farthestOctave = 4;
const velocity = 0.8;

/** Milliseconds. */
const timing = {
  /** How long a key sounds that is pressed once: keyboards begin to repeat after half a second or so. */
  tap: 620,
  /** Presses this close are the keyboard's own repeats. */
  repeat: 120,
  /** From here on a press while the key still sounds is the first repeat; before, it is a finger. */
  firstRepeat: 450,
} as const;

interface SoundingKey {
  readonly channel: number;
  readonly note: number;
  readonly since: number;
  last: number;
  until: number;
}

/** Times are milliseconds of any clock that never goes back. */
export class ComputerKeys {
  #channel: number;
  readonly #sounding = new Map<string, SoundingKey>();
  #octave = 0;

  /** `channel`: 1 to 16. */
  constructor(channel: number) {
    this.#channel = channel;
  }

  /** Plays on another channel from now on; what sounds ends on its own. */
  playOn(channel: number): void {
    this.#channel = channel;
  }

  /** What a press or a repeat of a key plays. Keys that are no notes play nothing; `-` and `=` shift by an octave. */
  press(name: string, now: number): readonly ControlEvent[] {
    const key = name.toLowerCase();
    if (key === '-' || key === '=') {
      const octave = this.#octave + (key === '-' ? -1 : 1);
      this.#octave = Math.min(farthestOctave, Math.max(-farthestOctave, octave));
      return [];
    }
    const semitone = semitoneOf.get(key);
    if (semitone === undefined) {
      return [];
    }
    const ended = this.expire(now);
    const sounding = this.#sounding.get(key);
    if (sounding !== undefined && isRepeat(sounding, now)) {
      sounding.last = now;
      sounding.until = Math.max(sounding.until, now + timing.repeat);
      return ended;
    }
    const note = lowestNote + semitone + 12 * this.#octave;
    this.#sounding.set(key, { channel: this.#channel, note, since: now, last: now, until: now + timing.tap });
    const before = sounding === undefined ? [] : [noteOff(sounding)];
    return [...ended, ...before, { type: 'note_on', channel: this.#channel, note, velocity }];
  }

  /** What ends because no repeat of its key came any more. */
  expire(now: number): readonly ControlEvent[] {
    const ended = [...this.#sounding].filter(([, { until }]) => until <= now);
    return ended.map(([key, sounding]) => {
      this.#sounding.delete(key);
      return noteOff(sounding);
    });
  }

  /** Forgets what sounds: something else released it. */
  forget(): void {
    this.#sounding.clear();
  }
}

function noteOff({ channel, note }: SoundingKey): ControlEvent {
  return { type: 'note_off', channel, note };
}

function isRepeat({ since, last }: SoundingKey, now: number): boolean {
  return now - last <= timing.repeat || now - since >= timing.firstRepeat;
}
