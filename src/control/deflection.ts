// Pedals, wheels and pressures: they stay where they are put, until something brings them to rest.

import type { ControlEvent } from './control-event.js';
import type { PerformanceEvent } from './performance-event.js';

export interface Deflection {
  /** Tells apart what moves for itself, such as the pedals of two channels. */
  readonly key: string;
  /** Whether the event left it away from rest. */
  readonly isAway: boolean;
  /** What brings it to rest. */
  readonly rest: PerformanceEvent;
}

/** What an event moves; nothing for events that move no pedal, wheel or pressure of a channel. */
export function deflectionOf(event: ControlEvent): Deflection | undefined {
  switch (event.type) {
    case 'sustain':
      return deflection(event.isDown, { type: 'sustain', channel: event.channel, isDown: false });
    case 'pitch_bend':
      return deflection(event.semitones !== 0, { type: 'pitch_bend', channel: event.channel, semitones: 0 });
    case 'channel_pressure':
      return deflection(event.pressure !== 0, { type: 'channel_pressure', channel: event.channel, pressure: 0 });
    default:
      return undefined;
  }
}

function deflection(isAway: boolean, rest: PerformanceEvent): Deflection {
  return { key: `${rest.type} ${rest.channel}`, isAway, rest };
}
