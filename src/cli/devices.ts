// amp-live devices: what can be played on and from.

import type { HostApi, ListedDevice } from '../session/device/device-message.js';
import { defineCommand, sharedOptions } from './command.js';
import { exitCodes } from './exit-code.js';
import { print } from './print.js';

export const devicesCommand = defineCommand({
  name: 'devices',
  summary: 'list the sound devices and the MIDI inputs, or say what is missing',
  usage: '[OPTIONS]',
  details: [
    '--device of play takes an id, a name or a part of a name; "clock" plays without a device, "file:OUT.wav" into a file.',
  ],
  options: { json: sharedOptions.json },
  positionals: { least: 0, most: 0, name: 'devices' },
  run: async ({ json }) => {
    const { listDevices } = await import('../session/device/device-list.js');
    const { listMidiInputs } = await import('../session/midi-inputs.js');
    const [sound, midi] = await Promise.all([listDevices(), listMidiInputs()]);
    const found: Findings = {
      hostApis: sound.ok ? sound.hostApis : [],
      midiInputs: midi.ok ? midi.names : [],
      missing: {
        ...missing('sound', sound.ok ? undefined : sound.reason, hasDevices(sound), 'there is no sound device'),
        ...missing(
          'midi',
          midi.ok ? undefined : midi.reason,
          midi.ok && midi.names.length > 0,
          'no MIDI input is there',
        ),
      },
    };
    print(json ? JSON.stringify(found, null, 2) : formatFindings(found));
    return exitCodes.done;
  },
});

interface Findings {
  readonly hostApis: readonly HostApi[];
  readonly midiInputs: readonly string[];
  /** Why there is none, in words. */
  readonly missing: { readonly sound?: string; readonly midi?: string };
}

function hasDevices(listing: { readonly ok: boolean; readonly hostApis?: readonly HostApi[] }): boolean {
  return (listing.hostApis ?? []).some(({ devices }) => devices.length > 0);
}

function missing(kind: 'sound' | 'midi', reason: string | undefined, isThere: boolean, otherwise: string) {
  return isThere ? {} : { [kind]: reason ?? otherwise };
}

function formatFindings({ hostApis, midiInputs, missing: { sound, midi } }: Findings): string {
  return [
    'Sound devices:',
    ...(sound === undefined ? hostApis.flatMap(formatHostApi) : [`  none: ${sound}; play keeps time by the clock`]),
    '',
    'MIDI inputs:',
    ...(midi === undefined ? midiInputs.map((name) => `  ${name}`) : [`  none: ${midi}`]),
  ].join('\n');
}

function formatHostApi({ name, devices }: HostApi): readonly string[] {
  return devices.length === 0 ? [] : [`  ${name}`, ...devices.map((device) => `    ${formatDevice(device)}`)];
}

function formatDevice(device: ListedDevice): string {
  const { id, channels, sampleRate, isDefault, lowLatencySeconds, highLatencySeconds } = device;
  const latency = `latency ${milliseconds(lowLatencySeconds)} to ${milliseconds(highLatencySeconds)} ms`;
  const marks = isDefault ? ', default' : '';
  const lanes = channels === 1 ? '1 channel' : `${channels} channels`;
  return `${id}: ${lanes}, ${sampleRate} Hz, ${latency}${marks}`;
}

function milliseconds(seconds: number): string {
  return (seconds * 1000).toFixed(1);
}
