// Plays a MIDI file into a stream: says which of its events are due, and at which frames.

import type { TimedControlEvent } from './control-event.js';
import { deflectionOf } from './deflection.js';
import type { MidiFile } from './midi-file.js';
import type { PerformanceEvent, TimedEvent } from './performance-event.js';

export interface MidiPlayerSettings {
  /** Frames a second. */
  readonly sampleRate: number;
  readonly isLooping: boolean;
}

/** So many events are handed out at once at most, so that a dense file does not keep live notes waiting. */
const mostAtOnce = 512;

interface PostedNote {
  readonly channel: number;
  readonly note: number;
  readonly start: number;
  /** Infinite until it is posted. */
  end: number;
}

/** What brings a pedal, a wheel or a pressure to rest that was moved at a frame. */
interface PostedDeflection {
  readonly rest: PerformanceEvent;
  readonly frame: number;
}

/** One playing of a file, from the frame of the first call of `play` on. */
export class MidiPlayer {
  readonly #events: readonly TimedEvent[];
  readonly #seconds: number;
  readonly #sampleRate: number;
  /** A file without events, or without length, does not loop. */
  readonly isLooping: boolean;
  #start: number | undefined;
  #round = 0;
  #next = 0;
  #state: 'playing' | 'finished' | 'stopped' = 'playing';
  #stoppedAt = Number.POSITIVE_INFINITY;
  #notes: PostedNote[] = [];
  readonly #deflections = new Map<string, PostedDeflection>();

  constructor(file: MidiFile, { sampleRate, isLooping }: MidiPlayerSettings) {
    this.#events = [...file.events, ...releasesAtEnd(file)];
    this.#seconds = file.seconds;
    this.#sampleRate = sampleRate;
    this.isLooping = isLooping && file.seconds > 0 && file.events.length > 0;
  }

  get state(): 'playing' | 'finished' | 'stopped' {
    return this.#state;
  }

  /** Of the file, in seconds. */
  get length(): number {
    return this.#seconds;
  }

  /** Seconds into the file at a frame; it stays where it was stopped. */
  secondsAt(frame: number): number {
    const played = Math.max(0, Math.min(frame, this.#stoppedAt) - (this.#start ?? frame)) / this.#sampleRate;
    return this.isLooping ? played % this.#seconds : Math.min(played, this.#seconds);
  }

  /**
   * Hands the events before the frame `horizon` to `post`, in order; the file begins at the frame `now` of the first
   * call. An event that `post` answers with false was not taken, and comes again with the next call.
   */
  play(now: number, horizon: number, post: (event: TimedControlEvent) => boolean): void {
    this.#start ??= now;
    this.#notes = this.#notes.filter(({ end }) => end > now);
    for (let posted = 0; posted < mostAtOnce && this.#state === 'playing'; posted++) {
      const entry = this.#events[this.#next];
      if (entry === undefined) {
        this.#endRound();
        continue;
      }
      const { seconds, ...gesture } = entry;
      const frame = this.#start + Math.round((this.#round * this.#seconds + seconds) * this.#sampleRate);
      const event = { ...gesture, frame };
      if (frame >= horizon || !post(event)) {
        return;
      }
      this.#next += 1;
      this.#remember(event);
    }
  }

  /** Ends the playing. What is posted cannot be taken back: the answer lets go of it, each at its frame or at `now`. */
  stop(now: number): readonly TimedControlEvent[] {
    if (this.#state === 'stopped') {
      return [];
    }
    this.#state = 'stopped';
    this.#stoppedAt = now;
    const sounding = this.#notes.filter(({ end }) => end > now);
    const resting = Array.from(this.#deflections.values(), ({ rest, frame }) => ({
      ...rest,
      frame: Math.max(now, frame),
    }));
    const ending = sounding.map(
      ({ channel, note, start }): TimedControlEvent => ({
        type: 'note_off',
        channel,
        note,
        frame: Math.max(now, start),
      }),
    );
    return [...resting, ...ending].sort((a, b) => a.frame - b.frame);
  }

  /** The first frame from `frame` on at which a note of somebody else is safe from what was posted for the same key. */
  clearFrame(channel: number, note: number, frame: number): number {
    const same = this.#notes.filter((posted) => posted.channel === channel && posted.note === note);
    const ends = same.map(({ start, end }) => (end === Number.POSITIVE_INFINITY ? start : end));
    return Math.max(frame, ...ends);
  }

  #endRound(): void {
    if (this.isLooping) {
      this.#round += 1;
      this.#next = 0;
    } else {
      this.#state = 'finished';
    }
  }

  #remember(event: TimedControlEvent): void {
    switch (event.type) {
      case 'note_on':
        this.#notes.push({
          channel: event.channel,
          note: event.note,
          start: event.frame,
          end: Number.POSITIVE_INFINITY,
        });
        return;
      case 'note_off':
        for (const posted of this.#notes) {
          if (posted.channel === event.channel && posted.note === event.note) {
            posted.end = Math.min(posted.end, event.frame);
          }
        }
        return;
      case 'all_notes_off':
        for (const posted of this.#notes) {
          if (posted.channel === event.channel) {
            posted.end = Math.min(posted.end, event.frame);
          }
        }
        return;
      default:
        this.#rememberDeflection(event);
    }
  }

  #rememberDeflection(event: TimedControlEvent): void {
    const deflection = deflectionOf(event);
    if (deflection?.isAway === true) {
      this.#deflections.set(deflection.key, { rest: deflection.rest, frame: event.frame });
    } else if (deflection !== undefined) {
      this.#deflections.delete(deflection.key);
    }
  }
}

/** What a file leaves down at its end is let go there, so that no note hangs and each round begins alike. */
function releasesAtEnd({ events, seconds }: MidiFile): readonly TimedEvent[] {
  const releases = new Map<string, TimedEvent>();
  for (const event of events) {
    switch (event.type) {
      case 'note_on': {
        const { channel, note } = event;
        releases.set(`note ${channel} ${note}`, { type: 'note_off', channel, note, seconds });
        break;
      }
      case 'note_off':
        releases.delete(`note ${event.channel} ${event.note}`);
        break;
      default: {
        const deflection = deflectionOf(event);
        if (deflection?.isAway === true) {
          releases.set(deflection.key, { ...deflection.rest, seconds });
        } else if (deflection !== undefined) {
          releases.delete(deflection.key);
        }
      }
    }
  }
  return [...releases.values()];
}
