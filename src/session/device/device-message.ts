// What amp_device prints, judged before it is believed.

import type { DeviceMessage } from './device-program.js';

/** A device as it was granted. */
export interface GrantedDevice {
  readonly name: string;
  /** Nothing for a file. */
  readonly hostApi?: string;
  readonly sampleRate: number;
  readonly channels: number;
  /** Frames that it will ask for at once; 0 where nobody knows yet. */
  readonly frames: number;
  /** Its own latency. */
  readonly latencySeconds: number;
}

/** A device that PortAudio lists. */
export interface ListedDevice {
  readonly name: string;
  /** What `--device` takes without doubt: the host API and the name. */
  readonly id: string;
  readonly channels: number;
  readonly sampleRate: number;
  readonly isDefault: boolean;
  readonly lowLatencySeconds: number;
  readonly highLatencySeconds: number;
}

export interface HostApi {
  readonly name: string;
  readonly devices: readonly ListedDevice[];
}

/** The granted device of a message; nothing if it tells of none. */
export function readGranted(message: DeviceMessage): GrantedDevice | undefined {
  const { type, device, hostApi, sampleRate, channels, frames, latencySeconds } = message;
  if (type !== 'granted' || typeof device !== 'string' || !isPositive(sampleRate) || !isPositive(channels)) {
    return undefined;
  }
  return {
    name: device,
    ...(typeof hostApi === 'string' && hostApi !== '' ? { hostApi } : {}),
    sampleRate,
    channels,
    frames: isPositive(frames) ? frames : 0,
    latencySeconds: isPositive(latencySeconds) ? latencySeconds : 0,
  };
}

/** The lists of a message; nothing if it is no list. */
export function readHostApis({ hostApis }: DeviceMessage): readonly HostApi[] | undefined {
  return Array.isArray(hostApis) ? hostApis.map(readHostApi) : undefined;
}

/** The sentence of an error or a loss, without its full stop: more may follow. */
export function readSentence({ message }: DeviceMessage, otherwise: string): string {
  return typeof message === 'string' && message !== '' ? message.replace(/\.$/, '') : otherwise;
}

function readHostApi(value: unknown): HostApi {
  const { name, devices } = fieldsOf(value);
  return { name: String(name), devices: Array.isArray(devices) ? devices.map(readListedDevice) : [] };
}

function readListedDevice(value: unknown): ListedDevice {
  const { name, id, channels, sampleRate, isDefault, lowLatencySeconds, highLatencySeconds } = fieldsOf(value);
  return {
    name: String(name),
    id: String(id),
    channels: Number(channels),
    sampleRate: Number(sampleRate),
    isDefault: isDefault === true,
    lowLatencySeconds: Number(lowLatencySeconds),
    highLatencySeconds: Number(highLatencySeconds),
  };
}

function fieldsOf(value: unknown): DeviceMessage {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
