// The screen of a performance. Nothing of React is loaded before this is run.

import type { ScreenPerformance } from '../src/session/status.js';
import type { ScreenEnd } from './screen-session.js';

export type { ScreenEnd } from './screen-session.js';

export interface ScreenOptions {
  /** Ends the screen when it aborts. */
  readonly signal?: AbortSignal;
}

/** Whether there is a terminal to draw on: both ends of one, that can move its cursor. */
export function canShowScreen(): boolean {
  const { TERM } = process.env;
  return process.stdin.isTTY === true && process.stdout.isTTY === true && TERM !== 'dumb';
}

/**
 * Shows a performance on the terminal, and gives it the keys, until the performer quits (the performance is asked to stop
 * then), the signal aborts, or the terminal is closed. The terminal is left as it was found, also when the process ends
 * by an exception or `process.exit`. Fails with what the performance throws.
 */
export async function runScreen(performance: ScreenPerformance, options: ScreenOptions = {}): Promise<ScreenEnd> {
  const { runScreenSession } = await loadForProduction();
  return runScreenSession(performance, { input: process.stdin, output: process.stdout }, options.signal);
}

/** React must find `production` while it loads: otherwise it keeps notes of every frame for ever. */
async function loadForProduction(): Promise<typeof import('./screen-session.js')> {
  const { NODE_ENV = 'production' } = process.env;
  Object.assign(process.env, { NODE_ENV });
  return import('./screen-session.js');
}
