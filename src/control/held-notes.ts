// What each source of notes holds down, so that it can be let go when the source is gone.

import type { ControlEvent } from './control-event.js';
import { deflectionOf } from './deflection.js';
import type { PerformanceEvent } from './performance-event.js';

interface Held {
  /** By `channel * 128 + note`. */
  readonly notes: Set<number>;
  /** Pedals, wheels and pressures that are not at rest, and what brings them there. */
  readonly away: Map<string, PerformanceEvent>;
}

/** Sources are named by whoever feeds them: a MIDI port, OSC, the keys, a MIDI file. */
export class HeldNotes {
  readonly #sources = new Map<string, Held>();

  /** Keeps account of an event that a source has sent. */
  add(source: string, event: ControlEvent): void {
    const held = this.#heldBy(source);
    switch (event.type) {
      case 'note_on':
        held.notes.add(event.channel * 128 + event.note);
        return;
      case 'note_off':
        held.notes.delete(event.channel * 128 + event.note);
        return;
      case 'all_notes_off':
        this.#forget(event.channel);
        return;
      default: {
        const deflection = deflectionOf(event);
        if (deflection?.isAway === true) {
          held.away.set(deflection.key, deflection.rest);
        } else if (deflection !== undefined) {
          held.away.delete(deflection.key);
        }
      }
    }
  }

  /** Whether an event lets go of something that a source holds. */
  isLetGoBy(source: string, event: ControlEvent): boolean {
    const held = this.#sources.get(source);
    if (event.type === 'note_off') {
      return held?.notes.has(event.channel * 128 + event.note) === true;
    }
    const deflection = deflectionOf(event);
    return deflection?.isAway === false && held?.away.has(deflection.key) === true;
  }

  /** What lets go of all that a source holds, except for what another one holds as well. The source is forgotten. */
  release(source: string): readonly ControlEvent[] {
    const held = this.#sources.get(source);
    this.#sources.delete(source);
    if (held === undefined) {
      return [];
    }
    const others = [...this.#sources.values()];
    const notes = [...held.notes].filter((note) => !others.some((other) => other.notes.has(note)));
    const away = [...held.away].filter(([key]) => !others.some((other) => other.away.has(key)));
    return [...away.map(([, rest]) => rest), ...notes.map(noteOff)];
  }

  /** Notes that are down; one that two sources hold counts twice. */
  get count(): number {
    return [...this.#sources.values()].reduce((sum, { notes }) => sum + notes.size, 0);
  }

  #heldBy(source: string): Held {
    const known = this.#sources.get(source);
    if (known !== undefined) {
      return known;
    }
    const held: Held = { notes: new Set(), away: new Map() };
    this.#sources.set(source, held);
    return held;
  }

  /** Notes of a channel are off for every source. */
  #forget(channel: number | 'all'): void {
    for (const { notes } of this.#sources.values()) {
      for (const note of notes) {
        if (channel === 'all' || Math.floor(note / 128) === channel) {
          notes.delete(note);
        }
      }
    }
  }
}

function noteOff(note: number): ControlEvent {
  return { type: 'note_off', channel: Math.floor(note / 128), note: note % 128 };
}
