import { describe, expect, test } from 'vitest';
import { amp } from './command-line.js';

describe('amp-live devices', () => {
  test('lists devices by host API, and MIDI inputs, as JSON', async () => {
    const { exitCode, output, errors } = await amp(['devices', '--json']);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    const found = JSON.parse(output);
    expect(found).toEqual({ hostApis: expect.any(Array), midiInputs: expect.any(Array), missing: expect.any(Object) });
    const devices = found.hostApis.flatMap((hostApi: { devices: readonly object[] }) => hostApi.devices);
    for (const device of devices) {
      expect(device).toEqual({
        name: expect.any(String),
        id: expect.stringMatching(/^.+\/.+$/),
        channels: expect.any(Number),
        sampleRate: expect.any(Number),
        isDefault: expect.any(Boolean),
        lowLatencySeconds: expect.any(Number),
        highLatencySeconds: expect.any(Number),
      });
    }
  });

  test('says what is missing exactly where it is missing', async () => {
    const { hostApis, midiInputs, missing } = JSON.parse((await amp(['devices', '--json'])).output);
    const hasDevice = hostApis.some(({ devices }: { devices: readonly object[] }) => devices.length > 0);
    expect({ sound: 'sound' in missing, midi: 'midi' in missing }).toEqual({
      sound: !hasDevice,
      midi: midiInputs.length === 0,
    });
  });

  test('tells the same in words', async () => {
    const { missing } = JSON.parse((await amp(['devices', '--json'])).output);
    const { output } = await amp(['devices']);
    expect(output).toContain('Sound devices:\n');
    expect(output).toContain('MIDI inputs:\n');
    for (const reason of Object.values<string>(missing)) {
      expect(output).toContain(reason);
    }
  });
});
