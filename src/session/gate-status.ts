// The gates of a performance, as a performer sees them.

import type { GateStatus } from '../engine/live-streamer.js';
import type { Plan, PlanGate } from '../plan/plan.js';
import type { GateReport } from './status.js';

/** In the plan's order. `clock`: the output frame that is asked for next, which is `latency` behind its stream frame. */
export function gateReports(
  { stream, gates }: Plan,
  statuses: readonly GateStatus[],
  { clock, latency }: { readonly clock: number; readonly latency: number },
): readonly GateReport[] {
  const secondsOf = (frames: number) => frames / stream.sampleRate;
  // A beat is the note of the meter's lower number; the tempo counts quarters.
  const beatsInSecond = ((stream.tempo / 60) * stream.meterDenominator) / 4;
  return gates.flatMap((gate, index): readonly GateReport[] => {
    const status = statuses[index];
    if (status === undefined) {
      return [];
    }
    const { state, change, held } = status;
    const seconds = change === undefined ? 0 : Math.max(0, secondsOf(change.frame + latency - clock));
    return [
      {
        id: gate.id,
        state,
        whileClosed: gate.whileClosed,
        ...(change === undefined
          ? {}
          : {
              change: {
                opens: change.opens,
                seconds,
                ...(isMusical(gate) ? { beats: seconds * beatsInSecond } : {}),
              },
            }),
        heldSeconds: secondsOf(held),
      },
    ];
  });
}

/** Whether its grid is one of notes or bars. */
function isMusical({ quantize }: PlanGate): boolean {
  return quantize.unit === 'whole_notes' || quantize.unit === 'bars';
}
