// What a key does: a few belong to the screen, all others to the performance.

import type { Movement } from './view.js';

export type KeyAction =
  | { readonly type: 'quit' | 'panic' | 'next_page' | 'previous_page' | 'help' | 'redraw' }
  | { readonly type: 'move'; readonly movement: Movement }
  | { readonly type: 'play'; readonly key: string };

const screenKeys: Readonly<Record<string, KeyAction>> = {
  ctrl_c: { type: 'quit' },
  ctrl_q: { type: 'quit' },
  escape: { type: 'panic' },
  tab: { type: 'next_page' },
  shift_tab: { type: 'previous_page' },
  '?': { type: 'help' },
  ctrl_l: { type: 'redraw' },
  ctrl_p: { type: 'move', movement: 'line_up' },
  ctrl_n: { type: 'move', movement: 'line_down' },
  page_up: { type: 'move', movement: 'page_up' },
  page_down: { type: 'move', movement: 'page_down' },
  home: { type: 'move', movement: 'top' },
  end: { type: 'move', movement: 'bottom' },
};

/** The page in sight changes nothing: what plays must not depend on where the performer looks. */
export function actionOf(key: string): KeyAction {
  return screenKeys[key] ?? { type: 'play', key };
}
