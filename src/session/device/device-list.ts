// The output devices of this machine, as PortAudio lists them.

import type { HostApi } from './device-message.js';
import { readHostApis, readSentence } from './device-message.js';
import { DeviceProgram } from './device-program.js';

export type DeviceListing =
  | { readonly ok: true; readonly hostApis: readonly HostApi[] }
  | { readonly ok: false; readonly reason: string };

/** Looks for devices, which takes PortAudio up to some seconds. A list without devices is no failure. */
export async function listDevices(): Promise<DeviceListing> {
  const program = new DeviceProgram(['list']);
  const answer = await program.answer();
  await program.close();
  if (!answer.ok) {
    return answer;
  }
  const hostApis = readHostApis(answer.message);
  return hostApis === undefined
    ? { ok: false, reason: readSentence(answer.message, 'the list of devices cannot be read') }
    : { ok: true, hostApis };
}
