// Events as the engine applied them: what a journal keeps.

import type { StreamEvent } from './event.js';

export interface AppliedEvent {
  /** Its frame is the one at which it took effect. */
  readonly event: StreamEvent;
  /** The number that `post` gave; events of one frame apply in this order. */
  readonly sequence: number;
  /** It was posted for a frame that was sealed already. */
  readonly wasLate: boolean;
}
