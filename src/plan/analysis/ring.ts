// Ring: for how long a voice may sound after its release.

import { isHeat } from '../../patch/heat-tap.js';
import type { Patch } from '../../patch/patch.js';
import { framesOf } from '../../patch/units.js';
import { elementAt } from '../graph/element-at.js';
import type { Graph } from '../graph/graph.js';
import type { Extent, Frames } from '../plan.js';
import { longestFrames } from '../plan.js';
import type { Components } from './components.js';
import { latencyOf } from './spectral.js';
import type { VoiceGroup } from './voices.js';

/** What the ring of every group follows from. */
export interface RingSources {
  readonly patch: Patch;
  readonly graph: Graph;
  readonly components: Components;
  readonly sampleRate: number;
  /** For each node. */
  readonly tails: readonly Extent[];
  /** For each node. */
  readonly groupOf: readonly (number | null)[];
  /** For each edge: delay and alignment together. */
  readonly lags: readonly Frames[];
}

/** The members of a group that decide when its voices have ended. */
export function envelopesOf(patch: Patch, group: VoiceGroup): readonly number[] {
  return group.members.filter((node) => elementAt(patch.nodes, node).type.envelope);
}

/**
 * The longest release of its envelopes, and then every tail, latency and delay inside the group. Endless without an envelope, in
 * a loop, with an endless tail, where something may lengthen a release while it plays, where a gate holds what goes from voice to
 * voice, and where a voice moves a gate.
 */
export function ringOf(sources: RingSources, group: VoiceGroup): Extent {
  const { patch, components, lags } = sources;
  const releases = envelopesOf(patch, group).map((node) => releaseOf(sources, node));
  const tails = group.members.map((node) => elementAt(sources.tails, node));
  const isLooping = group.members.some((node) => {
    return elementAt(components.list, elementAt(components.componentOf, node)).isLoop;
  });
  const isEndless = [...releases, ...tails].includes('endless');
  if (releases.length === 0 || isLooping || isEndless || isHeldOrHeeded(sources, group)) {
    return 'endless';
  }
  const release = releases.reduce<Frames>(
    (longest, each) => (each === 'endless' ? longest : Math.max(longest, each)),
    0,
  );
  const tail = tails.reduce<Frames>((sum, each) => (each === 'endless' ? sum : sum + each), 0);
  const latency = group.members.reduce((sum, node) => sum + latencyOf(elementAt(patch.nodes, node)), 0);
  const lag = innerEdges(sources, group).reduce((sum, edge) => sum + elementAt(lags, edge), 0);
  const ring = release + tail + latency + lag;
  return ring > longestFrames ? 'endless' : ring;
}

/** Held frames are heard whenever their gate opens again, and a signal that moves a gate has to go on. */
function isHeldOrHeeded({ patch, groupOf }: RingSources, group: VoiceGroup): boolean {
  const isMember = new Set(group.members);
  return patch.gates.some(
    ({ whileClosed, members, signals }) =>
      signals.some(({ node }) => isMember.has(node)) ||
      (whileClosed === 'hold' &&
        members.some((index) => {
          const edge = elementAt(patch.edges, index);
          return isMember.has(edge.fromNode) && groupOf[edge.toNode] === groupOf[edge.fromNode];
        })),
  );
}

function innerEdges({ graph, groupOf, patch }: RingSources, group: VoiceGroup): readonly number[] {
  return group.members.flatMap((node) =>
    elementAt(graph.outgoing, node).filter((index) => {
      const { fromOutput, toNode } = elementAt(patch.edges, index);
      return groupOf[toNode] === groupOf[node] && !isHeat(elementAt(patch.nodes, node).type, fromOutput);
    }),
  );
}

function releaseOf(sources: RingSources, node: number): Extent {
  const { patch, graph, sampleRate } = sources;
  const { type, parameters } = elementAt(patch.nodes, node);
  const place = type.parameters.findIndex(({ name }) => name === 'release');
  const declared = type.parameters[place];
  if (declared === undefined) {
    return 'endless';
  }
  const isModulated = elementAt(graph.incoming, node).some((index) => {
    const edge = elementAt(patch.edges, index);
    return edge.toKind === 'parameter' && edge.toIndex === place;
  });
  const isControlled = patch.controls.some(
    ({ to }) => to.type === 'parameter' && to.node === node && to.parameter === place,
  );
  if (isModulated || isControlled) {
    return 'endless';
  }
  const values = parameters.get('release')?.values ?? [{ number: declared.default, unit: 'plain' as const }];
  // One frame more than the nearest, so that the ring is never too short.
  return values.reduce((longest, { number, unit }) => {
    const time = { number, unit: unit === 'plain' ? ('seconds' as const) : unit };
    return Math.max(longest, framesOf(time, sampleRate, patch.tempo, patch.meter) + 1);
  }, 0);
}
