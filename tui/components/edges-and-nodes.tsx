// The first edges and nodes: side by side where there is room, else one below the other.

import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { PanelProps } from '../screen-model.js';
import { EdgeList } from './edge-list.js';
import { NodeList } from './node-list.js';

/** From this width on both have room beside each other. */
const wide = 110;

export function EdgesAndNodes({ model, columns, rows }: PanelProps): ReactNode {
  const { edges, nodes } = model.steady;
  // An empty line stands above.
  const listRows = rows - 1;
  if (columns >= wide) {
    const left = Math.floor(columns * 0.55);
    return (
      <Box height={listRows} marginTop={1}>
        <Box width={left}>
          <EdgeList edges={edges} scroll={0} columns={left - 2} rows={listRows} />
        </Box>
        <NodeList nodes={nodes} scroll={0} columns={columns - left} rows={listRows} />
      </Box>
    );
  }
  const nodeRows = Math.min(nodes.length + 1, Math.max(Math.floor(listRows / 2), listRows - edges.length - 1));
  return (
    <Box height={listRows} flexDirection="column" marginTop={1}>
      <EdgeList edges={edges} scroll={0} columns={columns} rows={listRows - nodeRows} />
      <NodeList nodes={nodes} scroll={0} columns={columns} rows={nodeRows} />
    </Box>
  );
}
