// Times of the patch -> frames.

import type { SourceSpan } from '../../patch/diagnostic.js';
import { heatDelay, isHeat } from '../../patch/heat-tap.js';
import type { Literal, Patch } from '../../patch/patch.js';
import { formatLiteral, framesOf } from '../../patch/units.js';
import { elementAt } from '../graph/element-at.js';
import type { Frames } from '../plan.js';
import { longestFrames } from '../plan.js';
import type { Refuse } from './refuse.js';

/** A time in whole frames. One that is longer than the engine can hold is refused, and cut. */
export function framesOfTime(
  patch: Patch,
  sampleRate: number,
  time: { readonly literal: Literal; readonly span: SourceSpan; readonly what: string },
  refuse: Refuse,
): Frames {
  const frames = framesOf(time.literal, sampleRate, patch.tempo, patch.meter);
  if (frames <= longestFrames) {
    return frames;
  }
  const written = formatLiteral(time.literal);
  const hours = (longestFrames / sampleRate / 3600).toFixed(1);
  refuse(
    time.span,
    `${time.what} ${written} is ${frames} frames; at most ${longestFrames} fit (${hours} hours at ${sampleRate} Hz)`,
  );
  return longestFrames;
}

/** The written delay of each edge; that of one that reads heat is at least a tick. */
export function edgeDelays(patch: Patch, sampleRate: number, refuse: Refuse): readonly Frames[] {
  return patch.edges.map(({ delay, delaySpan, fromNode, fromOutput }) => {
    const written = framesOfTime(patch, sampleRate, { literal: delay, span: delaySpan, what: 'delay' }, refuse);
    return isHeat(elementAt(patch.nodes, fromNode).type, fromOutput) ? Math.max(heatDelay, written) : written;
  });
}
