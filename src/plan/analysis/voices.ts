// Voice groups: which nodes have one lane for each voice of a keys node.

import { isHeat } from '../../patch/heat-tap.js';
import type { Patch, PatchNode } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Graph } from '../graph/graph.js';
import type { Refuse } from './refuse.js';
import { sourceName } from './refuse.js';
import type { Shape } from './shapes.js';
import { sumsLanes } from './shapes.js';

export interface VoiceGroup {
  readonly keysNode: number;
  readonly lanes: number;
  readonly channel: number;
  /** The keys node, then the others in the patch's order. */
  readonly members: readonly number[];
  /** From a member to a node outside. */
  readonly exitEdges: readonly number[];
}

export interface Voices {
  readonly groups: readonly VoiceGroup[];
  /** For each node the index of its group. */
  readonly groupOf: readonly (number | null)[];
}

/** Why a node belongs to a group, for messages. */
interface Membership {
  readonly group: number;
  readonly reason: string;
}

/**
 * The members of a group are its keys node, the nodes that say `voices_of`, and whatever a member feeds, up to the nodes that
 * sum lanes. Refuses a node that two groups reach.
 */
export function findVoices(patch: Patch, graph: Graph, refuse: Refuse): Voices {
  const keysNodes = patch.nodes.flatMap((node, index) => (node.type.shape === 'voices' ? [index] : []));
  const joining = membersByWish(patch);
  const memberships = new Map<number, Membership>();
  keysNodes.forEach((keysNode, group) => {
    const spread = new GroupSpread(patch, keysNodes, memberships, refuse);
    spread.add(keysNode, { group, reason: 'it makes them' });
    for (const node of joining.get(keysNode) ?? []) {
      spread.add(node, { group, reason: 'through "voices_of"' });
    }
    spread.follow(graph, group);
  });

  const groupOf = patch.nodes.map((_, index) => memberships.get(index)?.group ?? null);
  const members: number[][] = keysNodes.map((keysNode) => [keysNode]);
  groupOf.forEach((group, node) => {
    if (group !== null && keysNodes[group] !== node) {
      elementAt(members, group).push(node);
    }
  });
  const exitEdges: number[][] = keysNodes.map(() => []);
  patch.edges.forEach((edge, index) => {
    const group = groupOf[edge.fromNode];
    const leaves = group !== null && group !== undefined && groupOf[edge.toNode] !== group;
    if (leaves && !isHeat(elementAt(patch.nodes, edge.fromNode).type, edge.fromOutput)) {
      elementAt(exitEdges, group).push(index);
    }
  });
  const groups = keysNodes.map((keysNode, group) => {
    const { options } = elementAt(patch.nodes, keysNode);
    return {
      keysNode,
      lanes: options.get('voices') ?? 1,
      channel: options.get('channel') ?? 0,
      members: elementAt(members, group),
      exitEdges: elementAt(exitEdges, group),
    };
  });
  return { groups, groupOf };
}

/** For each keys node the nodes that join its voices by `voices_of`. */
function membersByWish(patch: Patch): ReadonlyMap<number, readonly number[]> {
  const joining = new Map<number, number[]>();
  patch.nodes.forEach(({ voicesOf }, index) => {
    if (voicesOf !== undefined) {
      const members = joining.get(voicesOf.value) ?? [];
      members.push(index);
      joining.set(voicesOf.value, members);
    }
  });
  return joining;
}

/** Collects one group; nodes of earlier groups stay in theirs. */
class GroupSpread {
  readonly #patch: Patch;
  readonly #keysNodes: readonly number[];
  readonly #memberships: Map<number, Membership>;
  readonly #refuse: Refuse;
  readonly #queue: number[] = [];
  readonly #refused = new Set<number>();

  constructor(patch: Patch, keysNodes: readonly number[], memberships: Map<number, Membership>, refuse: Refuse) {
    this.#patch = patch;
    this.#keysNodes = keysNodes;
    this.#memberships = memberships;
    this.#refuse = refuse;
  }

  add(node: number, membership: Membership): void {
    const known = this.#memberships.get(node);
    if (known === undefined) {
      this.#memberships.set(node, membership);
      this.#queue.push(node);
    } else if (known.group !== membership.group && !this.#refused.has(node)) {
      this.#refused.add(node);
      this.#refuseMeeting(elementAt(this.#patch.nodes, node), known, membership);
    }
  }

  follow(graph: Graph, group: number): void {
    for (let head = 0; head < this.#queue.length; head += 1) {
      for (const index of elementAt(graph.outgoing, elementAt(this.#queue, head))) {
        const edge = elementAt(this.#patch.edges, index);
        const { type } = elementAt(this.#patch.nodes, edge.fromNode);
        // Heat is that of all voices together.
        if (!sumsLanes(elementAt(this.#patch.nodes, edge.toNode).type) && !isHeat(type, edge.fromOutput)) {
          this.add(edge.toNode, { group, reason: `through "${sourceName(this.#patch, edge)}"` });
        }
      }
    }
  }

  #refuseMeeting(node: PatchNode, first: Membership, second: Membership): void {
    const [one, other] = [first, second].map(
      ({ group, reason }) => `"${elementAt(this.#patch.nodes, elementAt(this.#keysNodes, group)).id}" (${reason})`,
    );
    this.#refuse(
      node.span,
      `voices of ${one} and of ${other} meet in "${node.id}"; a node has the voices of one: sum the others in a mix first`,
    );
  }
}

/** Refuses members that have a batch of their own where the group has one voice; other misfits are those of shapes. */
export function refuseUnevenVoices(
  patch: Patch,
  graph: Graph,
  voices: Voices,
  shapes: readonly Shape[],
  refuse: Refuse,
): void {
  for (const { keysNode, lanes, members } of voices.groups) {
    const uneven = lanes === 1 ? members.filter((node) => elementAt(shapes, node).batch !== 1) : [];
    const isUneven = new Set(uneven);
    const origins = uneven.filter((node) =>
      elementAt(graph.incoming, node).every((edge) => !isUneven.has(elementAt(graph.arcs, edge).from)),
    );
    for (const node of origins.length > 0 ? origins : uneven.slice(0, 1)) {
      const { id, span } = elementAt(patch.nodes, node);
      const keys = elementAt(patch.nodes, keysNode);
      const { batch } = elementAt(shapes, node);
      refuse(span, `"${id}" has a batch of ${batch}, but belongs to the one voice of "${keys.id}"; a batch of 1 fits`);
    }
  }
}
