// What measuring costs the sound threads, by the program amp_telemetry_cost.

import { spawnSync } from 'node:child_process';
import { z } from 'zod';
import type { Setting } from '../setting.js';

const planSchema = z.strictObject({
  /** What the plan consists of. */
  plan: z.string(),
  nodes: z.int(),
  /** CPU microseconds of a block. */
  without: z.number(),
  /** With heat alone. */
  heat: z.number(),
  /** With heat and telemetry. */
  with: z.number(),
  /** What both add, as a share of a block's time. */
  share: z.number(),
});

export type TelemetryFigures = z.infer<typeof planSchema>;

/** Runs the program, which takes turns itself. Throws if it fails. */
export function measureTelemetry({ telemetryCost, announce }: Setting): readonly TelemetryFigures[] {
  announce('telemetry');
  const { status, stdout, stderr, error } = spawnSync(telemetryCost, ['--json'], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${telemetryCost}: ${error?.message ?? stderr}`);
  }
  return stdout
    .trim()
    .split('\n')
    .map((line) => planSchema.parse(JSON.parse(line)));
}
