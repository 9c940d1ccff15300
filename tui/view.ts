// Where the performer looks: the page, and how far its list is scrolled.

export const pages = ['play', 'edges', 'nodes', 'gates', 'help'] as const;
export type Page = (typeof pages)[number];

export interface View {
  readonly page: Page;
  /** First line of the page's list that is shown. */
  readonly scroll: number;
}

export const firstView: View = { page: 'play', scroll: 0 };

/** How the list moves: by lines, by what is shown at once, or to an end. */
export type Movement = 'line_up' | 'line_down' | 'page_up' | 'page_down' | 'top' | 'bottom';

export function turnPage(view: View, step: 1 | -1): View {
  const index = (pages.indexOf(view.page) + step + pages.length) % pages.length;
  return { page: pages[index] ?? 'play', scroll: 0 };
}

/** To the help, or from it back to playing. */
export function toggleHelp(view: View): View {
  return { page: view.page === 'help' ? 'play' : 'help', scroll: 0 };
}

/**
 * @param length lines of the list
 * @param shown lines that are shown at once
 */
export function moveList(view: View, movement: Movement, length: number, shown: number): View {
  const steps: Record<Movement, number> = {
    line_up: view.scroll - 1,
    line_down: view.scroll + 1,
    page_up: view.scroll - shown,
    page_down: view.scroll + shown,
    top: 0,
    bottom: length,
  };
  return { ...view, scroll: boundedScroll(steps[movement], length, shown) };
}

/** The scroll that shows as many lines as it can; a list may have become shorter. */
export function boundedScroll(scroll: number, length: number, shown: number): number {
  return Math.max(0, Math.min(scroll, length - shown));
}
