// What a short loop and what measuring cost.

import type { LoopFigures } from '../parts/loops.js';
import type { TelemetryFigures } from '../parts/telemetry.js';
import { median, missing, section, spread } from './table.js';

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
    'Telemetry: CPU microseconds of a block of 64 frames, first quartiles',
    ['plan', 'without', 'with', 'more, ns a node', "share of a block's time"],
    plans.map(({ plan, nodes, without, with: measured, share }) => [
      plan,
      without.toFixed(1),
      measured.toFixed(1),
      (((measured - without) / nodes) * 1000).toFixed(0),
      `${(share * 100).toFixed(2)} %`,
    ]),
  );
}
