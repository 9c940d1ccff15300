import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { readTemperature } from '../../src/session/temperature.js';
import { makeTemporaryFolder } from '../temporary-folder.js';

/** A folder with the files of /sys that a test wants. */
function sysWith(files: Readonly<Record<string, string>>): string {
  const folder = makeTemporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(folder.at(path)), { recursive: true });
    folder.write(path, `${content}\n`);
  }
  return folder.path;
}

test('a machine without sensors has a reason in place of a temperature', async () => {
  expect(await readTemperature(sysWith({}))).toEqual({
    type: 'none',
    reason: 'this machine shows no temperature sensor',
  });
});

test('a monitor is named by its driver and its label', async () => {
  const root = sysWith({
    'class/hwmon/hwmon0/name': 'k10temp',
    'class/hwmon/hwmon0/temp1_label': 'Tctl',
    'class/hwmon/hwmon0/temp1_input': '54250',
  });
  expect(await readTemperature(root)).toEqual({ type: 'celsius', value: 54.25, sensor: 'k10temp Tctl' });
});

test('a thermal zone is named by its type', async () => {
  const root = sysWith({ 'class/thermal/thermal_zone0/type': 'acpitz', 'class/thermal/thermal_zone0/temp': '27800' });
  expect(await readTemperature(root)).toEqual({ type: 'celsius', value: 27.8, sensor: 'acpitz' });
});

test('the hottest core of a processor counts, not a hotter disk', async () => {
  const root = sysWith({
    'class/hwmon/hwmon0/name': 'nvme',
    'class/hwmon/hwmon0/temp1_input': '71000',
    'class/hwmon/hwmon1/name': 'coretemp',
    'class/hwmon/hwmon1/temp2_label': 'Core 0',
    'class/hwmon/hwmon1/temp2_input': '51000',
    'class/hwmon/hwmon1/temp3_label': 'Core 1',
    'class/hwmon/hwmon1/temp3_input': '52000',
  });
  expect(await readTemperature(root)).toMatchObject({ value: 52, sensor: 'coretemp Core 1' });
});

test('a sensor that is not connected is passed over', async () => {
  const root = sysWith({
    'class/thermal/thermal_zone0/type': 'cpu-thermal',
    'class/thermal/thermal_zone0/temp': '-273200',
    'class/thermal/thermal_zone1/type': 'iwlwifi_1',
    'class/thermal/thermal_zone1/temp': '40000',
  });
  expect(await readTemperature(root)).toMatchObject({ value: 40, sensor: 'iwlwifi_1' });
});

test('a machine whose sensors give nothing says so', async () => {
  const root = sysWith({ 'class/thermal/thermal_zone0/type': 'iwlwifi_1' });
  expect(await readTemperature(root)).toEqual({
    type: 'none',
    reason: 'this machine gives no temperature from its one sensor',
  });
});
