// What the keys do and what the lines mean, in short.

import type { ReactNode } from 'react';
import type { Line } from '../text/line.js';
import { piece } from '../text/line.js';
import { boundedScroll } from '../view.js';
import { Lines } from './lines.js';
import { shownItems } from './scrolled-list.js';

const keys: readonly (readonly [key: string, text: string])[] = [
  ['Esc', 'panic: silences every note'],
  ['Ctrl-Q, Ctrl-C', 'quit; a recording is finished first'],
  ['Tab, Shift-Tab', 'next page, page before'],
  ['?', 'this help, and back'],
  ['PgUp PgDn Home End', 'scroll a list; Ctrl-P and Ctrl-N by one line'],
  ['Ctrl-L', 'draw everything anew'],
  ['z s x d c v g ...', 'notes from C on, white and black keys as on a piano'],
  ['q 2 w 3 e r 5 ...', 'notes one octave higher'],
  ['- =', 'an octave lower, higher'],
];

const meanings: readonly (readonly [label: string, text: string])[] = [
  ['device', 'as it was granted; a clock stands in while there is none'],
  ['latency', 'from a gesture to the sound: device + engine + patch'],
  ['load', "share of a block's time that making it took; beyond 100 % it is late"],
  ['xruns', 'sound that was missing, by cause'],
  ['node late', 'our own work took too long: a longer block helps'],
  ['thread not run', 'the system did not run us in time: real-time rights help'],
  ['device not run', 'our sound was ready; the device did not take it in time'],
  ['clock set anew', 'so far behind that the clock was moved on'],
  ['edge', 'frames that wait on it, of how many it can hold'],
  ['node', "its share of a block's time"],
  ['gate', 'its state, when it moves next, and how much sound it holds'],
];

const lines: readonly Line[] = [
  [' Keys; each that is not named here goes to the patch'],
  ...keys.map(([key, text]): Line => [piece('name', `  ${key.padEnd(20)}`), text]),
  [''],
  [' Lines'],
  ...meanings.map(([label, text]): Line => [piece('name', `  ${label.padEnd(20)}`), text]),
];

export const helpLength = lines.length;

export interface HelpPageProps {
  readonly scroll: number;
  readonly columns: number;
  readonly rows: number;
}

export function HelpPage({ scroll, columns, rows }: HelpPageProps): ReactNode {
  const shown = shownItems(lines.length, rows + 1);
  const first = boundedScroll(scroll, lines.length, shown);
  const visible = lines.slice(first, first + shown);
  const more: readonly Line[] =
    shown < lines.length ? [[piece('faint', ` ${first + 1} to ${first + shown} of ${lines.length}: PgDn, PgUp`)]] : [];
  return <Lines columns={columns} lines={[...visible, ...more]} />;
}
