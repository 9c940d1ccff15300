// How heat is told.

import type { HeatReport, HeatState } from '../../src/session/status.js';
import type { Meaning } from './palette.js';

export const heatMeanings: Readonly<Record<HeatState, Meaning>> = {
  cool: 'good',
  warm: 'good',
  hot: 'warning',
  over: 'bad',
};

/** `31 °C cool` */
export function formatHeat({ temperature, state }: HeatReport): string {
  return `${Math.round(temperature)} °C ${state}`;
}
