// The whole screen: a page, and the help for keys below it.

import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { ScreenFrame } from '../screen-model.js';
import { EdgeList } from './edge-list.js';
import { GateList } from './gate-list.js';
import { Header } from './header.js';
import { HelpPage } from './help-page.js';
import { KeyHelpLine } from './key-help-line.js';
import { NodeList } from './node-list.js';
import { PlayPage } from './play-page.js';

export function Screen({ model, view, columns, rows }: ScreenFrame): ReactNode {
  const pageRows = rows - 1;
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Box flexDirection="column" height={pageRows}>
        {view.page === 'play' ? (
          <PlayPage model={model} columns={columns} rows={pageRows} />
        ) : (
          <>
            <Header model={model} columns={columns} rows={1} />
            <ListPage model={model} view={view} columns={columns} rows={pageRows - 1} />
          </>
        )}
      </Box>
      <KeyHelpLine page={view.page} columns={columns} />
    </Box>
  );
}

function ListPage({ model, view, columns, rows }: ScreenFrame): ReactNode {
  const { edges, nodes, gates } = model.steady;
  const place = { scroll: view.scroll, columns, rows };
  switch (view.page) {
    case 'edges':
      return <EdgeList edges={edges} {...place} />;
    case 'nodes':
      return <NodeList nodes={nodes} {...place} />;
    case 'gates':
      return <GateList gates={gates} {...place} />;
    default:
      return <HelpPage {...place} />;
  }
}
