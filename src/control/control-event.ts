// What the control side asks of a stream, before it has a frame.

import type { PerformanceEvent } from './performance-event.js';

/** How a value may move, in its unit a second, a second squared, and times seconds; without one there is no such limit. */
export interface MovementLimits {
  readonly rate?: number;
  readonly acceleration?: number;
  readonly area?: number;
}

/** When something is set: with the material of the event's frame, or while the stream is there, however late the material is. */
export interface ActionTime {
  readonly actsAtOnce?: true;
}

/** What a gate is asked to do; `toggle` is the opposite of what was asked for last. */
export const gateChanges = ['close', 'open', 'toggle'] as const;
export type GateChange = (typeof gateChanges)[number];

/** A gesture, or a movement of what the patch has. Nodes, parameters, edges and gates are indices in the plan. */
export type ControlEvent =
  | PerformanceEvent
  | { readonly type: 'all_notes_off'; readonly channel: 'all' }
  | (MovementLimits &
      ActionTime & {
        readonly type: 'set_parameter';
        readonly node: number;
        readonly parameter: number;
        /** In the parameter's unit. */
        readonly value: number;
      })
  | (MovementLimits &
      ActionTime & {
        readonly type: 'set_edge_gain';
        readonly edge: number;
        /** In the unit of the edge's gain or depth. */
        readonly value: number;
      })
  | { readonly type: 'set_gate'; readonly gate: number; readonly change: GateChange }
  | { readonly type: 'drain_node'; readonly node: number; readonly isDrained: boolean }
  /** Of the keys of that index. */
  | { readonly type: 'shed_voice'; readonly node: number; readonly voice: number };

/** A control event at a frame of the stream. */
export type TimedControlEvent = ControlEvent & { readonly frame: number };
