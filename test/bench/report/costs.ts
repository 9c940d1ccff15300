// What a short loop and what measuring cost.

import type { LoopFigures } from '../parts/loops.js';
import type { TelemetryFigures } from '../parts/telemetry.js';
import { median, met, missing, section, spread } from './table.js';

export function formatLoops(loops: readonly LoopFigures[]): readonly string[] {
  return section(
    'w4b with an echo of one channel behind its sum: user CPU seconds for 20 s of sound, engine',
    ['loop', 'seconds', 'more, ns a frame', 'least to greatest'],
    loops.map(({ delay, slope, more }) => {
      const name = delay === 0 ? 'none' : `${delay} ${delay === 1 ? 'frame' : 'frames'}`;
      return [name, median(slope, 3), median(more, 0), delay === 0 ? missing : spread(more, 0)];
    }),
  );
}

export function formatTelemetry(plans: readonly TelemetryFigures[]): readonly string[] {
  return section(
    'Heat and telemetry: CPU microseconds of a block of 64 frames, first quartiles',
    [
      'plan',
      'without both',
      'with heat',
      'with both',
      'heat, ns a node',
      'telemetry, ns a node',
      "both, share of a block's time",
      'at most 2 %',
    ],
    plans.map(({ plan, nodes, without, heat, with: both, share }) => {
      const ofNode = (microseconds: number): string => ((microseconds / nodes) * 1000).toFixed(0);
      return [
        plan,
        without.toFixed(1),
        heat.toFixed(1),
        both.toFixed(1),
        ofNode(heat - without),
        ofNode(both - heat),
        `${(share * 100).toFixed(2)} %`,
        met(share <= 0.02),
      ];
    }),
  );
}
