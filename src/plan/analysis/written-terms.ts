// What a patch writes about its taps.

import { outputName } from '../../patch/heat-tap.js';
import type { Patch, PatchEdge, TapContract } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Frames } from '../plan.js';
import { framesOfTime } from './delays.js';
import type { Refuse } from './refuse.js';

/** What the patch writes about the input that an edge feeds; nothing about parameters. */
export function targetContract(patch: Patch, edge: PatchEdge): TapContract | undefined {
  const node = elementAt(patch.nodes, edge.toNode);
  return edge.toKind === 'input' ? node.taps.get(elementAt(node.type.inputs, edge.toIndex).name) : undefined;
}

/** What the patch writes about the output that an edge reads. */
export function sourceContract(patch: Patch, edge: PatchEdge): TapContract | undefined {
  const node = elementAt(patch.nodes, edge.fromNode);
  return node.taps.get(outputName(node.type, edge.fromOutput));
}

/** The written terms that are times, in frames. */
export class WrittenTerms {
  readonly #asks = new Map<TapContract, Frames>();
  readonly #maxFrames = new Map<TapContract, Frames>();

  constructor(patch: Patch, sampleRate: number, refuse: Refuse) {
    for (const node of patch.nodes) {
      for (const [tap, contract] of node.taps) {
        const frames = (term: 'asks' | 'max_frames', literal: TapContract['asks']) =>
          literal &&
          framesOfTime(
            patch,
            sampleRate,
            { literal, span: contract.span, what: `${term} of "${node.id}.${tap}"` },
            refuse,
          );
        const asks = frames('asks', contract.asks);
        const maxFrames = frames('max_frames', contract.maxFrames);
        if (asks !== undefined) {
          this.#asks.set(contract, asks);
        }
        if (maxFrames !== undefined) {
          this.#maxFrames.set(contract, maxFrames);
        }
      }
    }
  }

  asksOf(contract: TapContract | undefined): Frames {
    return (contract && this.#asks.get(contract)) ?? 0;
  }

  maxFramesOf(contract: TapContract | undefined): Frames | undefined {
    return contract && this.#maxFrames.get(contract);
  }
}
