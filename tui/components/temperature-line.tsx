// How warm the patch is against its budget, and how hot the machine is, or that it does not say.

import type { ReactNode } from 'react';
import type { PanelProps } from '../screen-model.js';
import { formatCount } from '../text/format.js';
import { formatHeat, heatMeanings } from '../text/heat.js';
import { labelled } from '../text/labelled.js';
import type { Line } from '../text/line.js';
import { piece } from '../text/line.js';
import type { Meaning } from '../text/palette.js';
import { plainText } from '../text/plain-text.js';
import { Lines } from './lines.js';

export function TemperatureLine({ model, columns }: PanelProps): ReactNode {
  const { thermal, temperature, throttles } = model.steady;
  const patch: Line = [piece(heatMeanings[thermal.state], `patch ${formatHeat(thermal)}`), '   '];
  const machine: Line =
    temperature.type === 'none'
      ? [piece('faint', `no sensor: ${plainText(temperature.reason)}`)]
      : [
          piece(judge(temperature.value), `${temperature.value.toFixed(1)} °C`),
          piece('faint', `  ${plainText(temperature.sensor)}`),
        ];
  const slowed: Line =
    throttles === undefined || throttles === 0
      ? []
      : [piece('bad', `   slowed down ${formatCount(throttles, 'time')}`)];
  return <Lines columns={columns} lines={[labelled('heat', ...patch, ...machine, ...slowed)]} />;
}

/** Processors slow themselves down from about 95 degrees on; small boards from 80. */
function judge(celsius: number): Meaning {
  return celsius < 70 ? 'good' : celsius < 80 ? 'warning' : 'bad';
}
