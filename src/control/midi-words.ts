// MIDI messages in words, for a screen.

import type { MidiMessage } from './midi-message.js';
import { statusOf } from './midi-message.js';

const firstSystemStatus = 0xf0;

const systemWords: ReadonlyMap<number, string> = new Map([
  [0xf1, 'time code'],
  [0xf2, 'song position'],
  [0xf3, 'song select'],
  [0xf8, 'clock'],
  [0xfa, 'start'],
  [0xfb, 'continue'],
  [0xfc, 'stop'],
]);

/** Such as `note 60 on, velocity 100, channel 1`. */
export function describeMidiMessage([status, first, second]: MidiMessage): string {
  if (status >= firstSystemStatus) {
    return systemWords.get(status) ?? 'system message';
  }
  return `${describeContent(status & 0xf0, first, second)}, channel ${(status & 0x0f) + 1}`;
}

function describeContent(kind: number, first: number, second: number): string {
  switch (kind) {
    case statusOf.noteOn:
      return second === 0 ? `note ${first} off` : `note ${first} on, velocity ${second}`;
    case statusOf.noteOff:
      return `note ${first} off`;
    case statusOf.noteAftertouch:
      return `note ${first} pressure ${second}`;
    case statusOf.controller:
      return `controller ${first}: ${second}`;
    case statusOf.programChange:
      return `program ${first}`;
    case statusOf.channelAftertouch:
      return `pressure ${first}`;
    case statusOf.pitchBend:
      return `bend ${first + second * 128 - 8192}`;
    default:
      return 'data without a status';
  }
}
