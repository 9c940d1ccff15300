// Grids: the distance of the frames on which a gate may move.

import type { Patch } from '../../patch/patch.js';
import { formatLiteral, framesOf } from '../../patch/units.js';
import { longestFrames } from '../plan.js';
import type { Refuse } from './refuse.js';

/** Refuses grids that are finer than a frame, or longer than the engine can count. */
export function refuseUnfitGrids(patch: Patch, sampleRate: number, refuse: Refuse): void {
  for (const { id, span, quantize } of patch.gates) {
    if (quantize.unit === 'plain') {
      continue;
    }
    const frames = framesOf(quantize, sampleRate, patch.tempo, patch.meter);
    if (frames < 1 || frames > longestFrames) {
      const grid = `the grid ${formatLiteral(quantize)} of gate "${id}"`;
      refuse(span, `${grid} is ${frames} frames at ${sampleRate} Hz; 1 to ${longestFrames} frames fit`);
    }
  }
}
