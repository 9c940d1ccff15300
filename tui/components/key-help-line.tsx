// The keys that are not for playing, and which page is in sight.

import type { ReactNode } from 'react';
import type { Line } from '../text/line.js';
import { joinFitting, piece } from '../text/line.js';
import type { Page } from '../view.js';
import { pages } from '../view.js';
import { Lines } from './lines.js';

export interface KeyHelpLineProps {
  readonly page: Page;
  readonly columns: number;
}

export function KeyHelpLine({ page, columns }: KeyHelpLineProps): ReactNode {
  const tabs = pages.map((each): Line => (each === page ? [piece('strong', `[${each}]`)] : [piece('faint', each)]));
  const parts: readonly Line[] = [
    [piece('name', ' Esc'), ' panic'],
    [piece('name', 'Ctrl-Q'), ' quit'],
    page === 'edges' || page === 'nodes' ? [piece('name', 'PgUp PgDn'), ' scroll'] : [piece('name', '?'), ' help'],
    [piece('name', 'Tab'), ' ', ...joinFitting(tabs, ' ', columns)],
  ];
  return <Lines columns={columns} lines={[joinFitting(parts, '  ', columns)]} />;
}
