// All that one frame of the screen shows.

import type { SessionStatus } from '../src/session/status.js';
import { ActivityLamp } from './activity-lamp.js';
import { PeakHold } from './peak-hold.js';
import type { View } from './view.js';

export interface ScreenModel {
  /** As it is now: levels, time, activity. */
  readonly status: SessionStatus;
  /** As it was at most a fifth of a second ago: numbers that nobody can read any faster. Its load is that of the time since. */
  readonly steady: SessionStatus;
  /** Peaks of the channels, held for a while; amplitudes. */
  readonly peaks: readonly number[];
  readonly activity: { readonly midi: boolean; readonly osc: boolean };
}

/** What a component of the screen gets. */
export interface PanelProps {
  readonly model: ScreenModel;
  readonly columns: number;
  /** Lines that it may take. */
  readonly rows: number;
}

export interface ScreenFrame {
  readonly model: ScreenModel;
  readonly view: View;
  readonly columns: number;
  readonly rows: number;
}

/** How old `steady` may become, in seconds. */
const steadySeconds = 0.2;

/** Makes a model of each status that comes. */
export class ScreenModelMaker {
  private readonly peakHold = new PeakHold();
  private readonly midiLamp = new ActivityLamp();
  private readonly oscLamp = new ActivityLamp();
  private steady: SessionStatus | undefined;
  private steadySince = 0;
  private loads: SessionStatus['load'][] = [];

  /** @param now seconds of any steady clock */
  update(status: SessionStatus, now: number): ScreenModel {
    return {
      status,
      steady: this.updateSteady(status, now),
      peaks: this.peakHold.update(
        status.levels.map(({ peak }) => peak),
        now,
      ),
      activity: {
        midi: this.midiLamp.update(
          status.midi.ports.reduce((sum, { messages }) => sum + messages, 0),
          now,
        ),
        osc: this.oscLamp.update(status.osc.packets, now),
      },
    };
  }

  private updateSteady(status: SessionStatus, now: number): SessionStatus {
    this.loads.push(status.load);
    if (this.steady === undefined || now - this.steadySince >= steadySeconds) {
      this.steady = { ...status, load: mergeLoads(this.loads) };
      this.steadySince = now;
      this.loads = [];
    }
    return this.steady;
  }
}

/** The mean of the means and the worst of the worst: a peak between two frames must not be missed. */
function mergeLoads(loads: readonly SessionStatus['load'][]): SessionStatus['load'] {
  return {
    mean: loads.reduce((sum, { mean }) => sum + mean, 0) / loads.length,
    worst: Math.max(...loads.map(({ worst }) => worst)),
  };
}
