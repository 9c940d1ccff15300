// How long the list of a page is, and how much of it is in sight.

import { helpLength } from './components/help-page.js';
import { shownItems } from './components/scrolled-list.js';
import type { ScreenFrame } from './screen-model.js';

export interface ListSize {
  readonly length: number;
  readonly shown: number;
}

export function listSizeOf({ model, view, rows }: ScreenFrame): ListSize {
  // Without the header and the help for keys.
  const listRows = rows - 2;
  const { edges, nodes, gates } = model.steady;
  switch (view.page) {
    case 'play':
      return { length: 0, shown: 0 };
    case 'edges':
      return { length: edges.length, shown: shownItems(edges.length, listRows) };
    case 'nodes':
      return { length: nodes.length, shown: shownItems(nodes.length, listRows) };
    case 'gates':
      return { length: gates.length, shown: shownItems(gates.length, listRows) };
    case 'help':
      return { length: helpLength, shown: shownItems(helpLength, listRows + 1) };
  }
}
