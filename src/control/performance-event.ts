// What a performer does, whatever device it came from.

/** A MIDI channel, 1 to 16. */
interface OnChannel {
  readonly channel: number;
}

/** One gesture. Notes are 0 to 127; velocities, pressures and timbres 0 to 1. */
export type PerformanceEvent =
  | (OnChannel & { readonly type: 'note_on'; readonly note: number; readonly velocity: number })
  | (OnChannel & { readonly type: 'note_off'; readonly note: number })
  | (OnChannel & { readonly type: 'pitch_bend'; readonly semitones: number })
  | (OnChannel & { readonly type: 'note_pressure'; readonly note: number; readonly pressure: number })
  | (OnChannel & { readonly type: 'channel_pressure'; readonly pressure: number })
  | (OnChannel & { readonly type: 'timbre'; readonly timbre: number })
  | (OnChannel & { readonly type: 'sustain'; readonly isDown: boolean })
  | (OnChannel & { readonly type: 'all_notes_off' });

/** A gesture at its time, in seconds since the performance began. */
export type TimedEvent = PerformanceEvent & { readonly seconds: number };
