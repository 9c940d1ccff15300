// What a MIDI channel message means to a performance.

import type { PerformanceEvent } from './performance-event.js';

/** The bytes of a channel message: the status, then data of 0 to 127; 0 stands for a byte that the message has not. */
export type MidiMessage = readonly [status: number, first: number, second: number];

/** The upper four bits of a status byte; the lower four are the channel. */
export const statusOf = {
  noteOff: 0x80,
  noteOn: 0x90,
  noteAftertouch: 0xa0,
  controller: 0xb0,
  programChange: 0xc0,
  channelAftertouch: 0xd0,
  pitchBend: 0xe0,
} as const;

/** How far a pitch wheel bends, up or down, in semitones. */
export const bendRange = 2;

/** Of a data byte. */
export const largestData = 127;
/** Of a pitch wheel at rest, in its 14 bits. */
export const wheelCentre = 8192;

const controllers = { sustain: 64, timbre: 74, allSoundOff: 120, allNotesOff: 123 } as const;

/** A pedal is down from the middle of its travel on. */
const pedalDown = 64;

/** The gesture, or nothing for a message that means none, such as a change of program. */
export function performanceEventOf([status, first, second]: MidiMessage): PerformanceEvent | undefined {
  const channel = (status & 0x0f) + 1;
  switch (status & 0xf0) {
    case statusOf.noteOn:
      return second === 0
        ? { type: 'note_off', channel, note: first }
        : { type: 'note_on', channel, note: first, velocity: second / largestData };
    case statusOf.noteOff:
      return { type: 'note_off', channel, note: first };
    case statusOf.noteAftertouch:
      return { type: 'note_pressure', channel, note: first, pressure: second / largestData };
    case statusOf.channelAftertouch:
      return { type: 'channel_pressure', channel, pressure: first / largestData };
    case statusOf.pitchBend:
      return {
        type: 'pitch_bend',
        channel,
        semitones: ((first + second * 128 - wheelCentre) / wheelCentre) * bendRange,
      };
    case statusOf.controller:
      return controllerEvent(channel, first, second);
    default:
      return undefined;
  }
}

function controllerEvent(channel: number, controller: number, value: number): PerformanceEvent | undefined {
  switch (controller) {
    case controllers.sustain:
      return { type: 'sustain', channel, isDown: value >= pedalDown };
    case controllers.timbre:
      return { type: 'timbre', channel, timbre: value / largestData };
    case controllers.allSoundOff:
    case controllers.allNotesOff:
      return { type: 'all_notes_off', channel };
    default:
      return undefined;
  }
}
