// How warm the machine is, from the sensors that Linux shows below /sys.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Temperature } from './status.js';

interface Sensor {
  readonly name: string;
  /** A file that holds thousandths of a degree Celsius. */
  readonly path: string;
}

/** Sensors of processors, as the kernel's drivers call them. */
const processorSensor = /coretemp|k10temp|zenpower|cpu|x86_pkg_temp|package|soc/i;

/** Beyond these, degrees Celsius, a sensor is not connected. */
const coldest = -50;
const hottest = 150;

/** The hottest sensor of a processor, else the hottest of any; without one the reason. `root` is where /sys stands. */
export async function readTemperature(root = '/sys'): Promise<Temperature> {
  const sensors = [...(await hardwareMonitors(root)), ...(await thermalZones(root))];
  if (sensors.length === 0) {
    return { type: 'none', reason: 'this machine shows no temperature sensor' };
  }
  const readings = (await Promise.all(sensors.map(readSensor))).filter((reading) => reading !== undefined);
  const processors = readings.filter(({ sensor }) => processorSensor.test(sensor));
  const [first, ...others] = processors.length > 0 ? processors : readings;
  if (first === undefined) {
    const count = sensors.length === 1 ? 'its one sensor' : `its ${sensors.length} sensors`;
    return { type: 'none', reason: `this machine gives no temperature from ${count}` };
  }
  return others.reduce((warmest, each) => (each.value > warmest.value ? each : warmest), first);
}

/** https://docs.kernel.org/hwmon/sysfs-interface.html */
async function hardwareMonitors(root: string): Promise<readonly Sensor[]> {
  const sensors: Sensor[] = [];
  const folder = join(root, 'class', 'hwmon');
  for (const monitor of await namesIn(folder)) {
    const driver = (await textOf(join(folder, monitor, 'name'))) ?? monitor;
    for (const file of await namesIn(join(folder, monitor))) {
      const input = /^(temp\d+)_input$/.exec(file)?.[1];
      if (input !== undefined) {
        const label = await textOf(join(folder, monitor, `${input}_label`));
        sensors.push({ name: label ? `${driver} ${label}` : driver, path: join(folder, monitor, file) });
      }
    }
  }
  return sensors;
}

/** https://docs.kernel.org/driver-api/thermal/sysfs-api.html */
async function thermalZones(root: string): Promise<readonly Sensor[]> {
  const folder = join(root, 'class', 'thermal');
  const zones = (await namesIn(folder)).filter((name) => name.startsWith('thermal_zone'));
  return Promise.all(
    zones.map(async (zone) => ({
      name: (await textOf(join(folder, zone, 'type'))) ?? zone,
      path: join(folder, zone, 'temp'),
    })),
  );
}

async function readSensor({ name, path }: Sensor) {
  const text = await textOf(path);
  const value = text !== undefined && /^-?\d+$/.test(text) ? Number(text) / 1000 : Number.NaN;
  return value > coldest && value < hottest ? { type: 'celsius' as const, value, sensor: name } : undefined;
}

/** What is not there, or does not answer, has no names and no text: sensors come and go with their drivers. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.sort();
}

async function textOf(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text?.trim();
}
