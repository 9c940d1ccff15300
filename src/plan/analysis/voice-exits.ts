// Voices that leave their group late: what fades and sleeps is judged where a voice sounds, so delays and held frames stand behind the sum.

import { isHeat } from '../../patch/heat-tap.js';
import { findNodeType } from '../../patch/node-types.js';
import type { Patch, PatchEdge, PatchNode } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import { buildGraph } from '../graph/graph.js';
import { findVoices } from './voices.js';

/** The amount of an edge that changes nothing. */
const unity = { number: 1, unit: 'plain' } as const;
const noDelay = { number: 0, unit: 'plain' } as const;

/**
 * Where voices leave through an edge with a delay, one that is not aligned, or one whose gate holds frames, puts a mix of its own before the delay: voice -> mix -> delay -> target. The mix
 * is called after the tap, as in `vca.out.voices`. The other edges keep their places.
 */
export function sumVoicesBeforeDelays(patch: Patch): Patch {
  const graph = buildGraph(
    patch.nodes.length,
    patch.edges.map(({ fromNode, toNode }) => ({ from: fromNode, to: toNode })),
  );
  // What is wrong with the groups is told when the whole patch is analysed.
  const { groupOf } = findVoices(patch, graph, () => undefined);
  const mixType = findNodeType('mix');
  // What a gate holds is heard later than it sounded, too.
  const held = new Set(patch.gates.flatMap(({ whileClosed, members }) => (whileClosed === 'hold' ? members : [])));
  const leavesLate = ({ fromNode, fromOutput, toNode, delay, align }: PatchEdge, index: number): boolean =>
    !isHeat(elementAt(patch.nodes, fromNode).type, fromOutput) &&
    (delay.number !== 0 || held.has(index) || !align) &&
    groupOf[fromNode] !== null &&
    groupOf[toNode] !== groupOf[fromNode];
  if (mixType === undefined || !patch.edges.some(leavesLate)) {
    return patch;
  }

  const nodes: PatchNode[] = [...patch.nodes];
  const feeding: PatchEdge[] = [];
  const mixOf = new Map<string, number>();
  /** The mix of an edge's tap, made when it is first asked for. */
  const sumOf = (edge: PatchEdge): number => {
    const voice = elementAt(patch.nodes, edge.fromNode);
    const name = `${voice.id}.${elementAt(voice.type.outputs, edge.fromOutput).name}.voices`;
    const known = mixOf.get(name);
    if (known !== undefined) {
      return known;
    }
    const index = nodes.length;
    mixOf.set(name, index);
    nodes.push({
      id: name,
      span: edge.fromSpan,
      type: mixType,
      parameters: new Map(),
      options: new Map(),
      thermal: mixType.thermal,
      slew: new Map(),
      taps: new Map(),
    });
    const { id: _, ...rest } = edge;
    feeding.push({
      ...rest,
      toNode: index,
      toKind: 'input',
      toIndex: 0,
      delay: noDelay,
      align: true,
      amount: unity,
      mode: 'add',
      in: 'linear',
    });
    return index;
  };
  const edges = patch.edges.map((edge, index) =>
    leavesLate(edge, index) ? { ...edge, fromNode: sumOf(edge), fromOutput: 0 } : edge,
  );
  return { ...patch, nodes, edges: [...edges, ...feeding] };
}
