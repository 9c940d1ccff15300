// Spectra: the form in which they travel over taps, what latency it makes, and what does not fit together.

import type { NodeType } from '../../patch/node-types.js';
import type { Patch, PatchEdge, PatchNode } from '../../patch/patch.js';
import { elementAt } from '../graph/element-at.js';
import type { Frames } from '../plan.js';
import type { Alignment } from './latency.js';
import type { Refuse } from './refuse.js';
import { sourceName, targetName } from './refuse.js';

/** How a node takes signals apart: windows of `size` frames, one every `size / overlap`. */
export interface SpectralForm {
  readonly size: number;
  readonly overlap: number;
  /** The index of a choice. */
  readonly window: number;
}

/** The form of a spectral node's taps; nothing for other nodes. */
function spectralForm({ type, options }: PatchNode): SpectralForm | undefined {
  if (type.spectral === null) {
    return undefined;
  }
  const numberOf = (name: string) => options.get(name) ?? type.options.find((option) => option.name === name)?.default;
  return { size: numberOf('size') ?? 1, overlap: numberOf('overlap') ?? 1, window: numberOf('window') ?? 0 };
}

/** The form of the spectra on an output; nothing of one with a signal, nor of a node's heat. */
export function outputForm(node: PatchNode, output: number): SpectralForm | undefined {
  return node.type.outputs[output]?.spectral === true ? spectralForm(node) : undefined;
}

/** The form of the spectra that an input takes; nothing of one that takes a signal. */
export function inputForm(node: PatchNode, input: number): SpectralForm | undefined {
  return elementAt(node.type.inputs, input).spectral ? spectralForm(node) : undefined;
}

/** Frames from one token to the next; 1 of a signal. */
export function periodOf(form: SpectralForm | undefined): Frames {
  return form === undefined ? 1 : form.size / form.overlap;
}

/** Values a frame and lane. */
export function valuesOf(form: SpectralForm | undefined): number {
  return form?.overlap ?? 1;
}

/** The declared latency of a node with its options. */
export function latencyOf(node: PatchNode): Frames {
  return node.type.latency + spectralFrames(node, 'latency');
}

/** What the windows of a node add to its tail. */
export function spectralTailOf(node: PatchNode): Frames {
  return spectralFrames(node, 'tail');
}

function spectralFrames(node: PatchNode, of: 'latency' | 'tail'): Frames {
  const form = spectralForm(node);
  const declared = node.type.spectral?.[of];
  return form === undefined || declared === undefined ? 0 : declared.sizes * form.size + declared.hops * periodOf(form);
}

/** Refuses windows that do not add up to the same everywhere, unlike taps, and gates that would tear tokens apart. */
export function refuseUnfitSpectra(patch: Patch, refuse: Refuse): void {
  for (const node of patch.nodes) {
    refuseUnfitWindow(node, refuse);
  }
  for (const edge of patch.edges) {
    refuseUnlikeTaps(patch, edge, refuse);
  }
  for (const { id, span, members, whileClosed, signals } of patch.gates) {
    for (const member of members) {
      const edge = elementAt(patch.edges, member);
      if (
        outputForm(elementAt(patch.nodes, edge.fromNode), edge.fromOutput) !== undefined &&
        whileClosed === 'sample'
      ) {
        const name = `"${sourceName(patch, edge)}" to "${targetName(patch, edge)}"`;
        refuse(span, `gate "${id}" would hold one frame of the spectra from ${name}; "mute" or "hold" fits`);
      }
    }
    for (const { span: place, node, output } of signals) {
      const source = elementAt(patch.nodes, node);
      if (outputForm(source, output) !== undefined) {
        const tap = `${source.id}.${elementAt(source.type.outputs, output).name}`;
        refuse(place, `"${tap}" gives spectra, which move no gate; the output of an "ifft" fits`);
      }
    }
  }
}

function refuseUnfitWindow(node: PatchNode, refuse: Refuse): void {
  const form = spectralForm(node);
  const { spectral } = node.type;
  if (form === undefined || spectral === null) {
    return;
  }
  const least = spectral.leastOverlaps[form.window] ?? 1;
  if (form.overlap < least) {
    const names = windowNames(node.type);
    const fitting = names.filter((_, window) => (spectral.leastOverlaps[window] ?? 1) <= form.overlap);
    refuse(
      node.span,
      `"${node.id}": "${names[form.window]}" windows do not add up to the same everywhere at an overlap of ${form.overlap}; ` +
        `an overlap of ${least} or more fits, or the window ${fitting.map((name) => `"${name}"`).join(' or ')}`,
    );
  }
}

function windowNames(type: NodeType): readonly string[] {
  const option = type.options.find(({ name }) => name === 'window');
  return option !== undefined && 'choices' in option ? option.choices : [];
}

function refuseUnlikeTaps(patch: Patch, edge: PatchEdge, refuse: Refuse): void {
  const from = elementAt(patch.nodes, edge.fromNode);
  const to = elementAt(patch.nodes, edge.toNode);
  const given = outputForm(from, edge.fromOutput);
  const wanted = edge.toKind === 'input' ? inputForm(to, edge.toIndex) : undefined;
  const source = `"${sourceName(patch, edge)}"`;
  const target = `"${targetName(patch, edge)}"`;
  if (given === undefined && wanted === undefined) {
    return;
  }
  if (given === undefined || wanted === undefined) {
    const [what, bridge] = given === undefined ? ['a signal', 'an "fft"'] : ['spectra', 'an "ifft"'];
    refuse(edge.span, `${source} gives ${what}, but ${target} does not take that; ${bridge} between them fits`);
    return;
  }
  const unlike = (['size', 'overlap', 'window'] as const).filter((name) => given[name] !== wanted[name]);
  if (unlike.length > 0) {
    const names = windowNames(from.type);
    const text = (form: SpectralForm) =>
      unlike.map((name) => `"${name}": ${name === 'window' ? `"${names[form.window]}"` : form[name]}`).join(', ');
    refuse(edge.span, `${source} has ${text(given)}, but ${target} has ${text(wanted)}; the same in both nodes fits`);
    return;
  }
  const contract = to.taps.get(elementAt(to.type.inputs, edge.toIndex).name);
  if (contract?.absent === 'hold') {
    refuse(contract.span, `${target} takes spectra: where there are none it has silence; "default" or "optional" fits`);
  }
  const blocking = [contract, from.taps.get(elementAt(from.type.outputs, edge.fromOutput).name)].find(
    (terms) => terms?.overflow !== undefined,
  );
  if (blocking?.overflow === 'block') {
    refuse(blocking.span, `${target} takes spectra, which stop nothing; "drop_oldest" fits`);
  }
}

/** Refuses delays that would move spectra by a part of a token. */
export function refuseTornTokens(
  patch: Patch,
  { alignedLatency, delays, alignments }: Alignment,
  refuse: Refuse,
): void {
  patch.edges.forEach((edge, index) => {
    const from = elementAt(patch.nodes, edge.fromNode);
    const period = periodOf(outputForm(from, edge.fromOutput));
    const lag = elementAt(delays, index) + elementAt(alignments, index);
    const moved =
      lag + elementAt(alignedLatency, edge.fromNode) + latencyOf(from) - elementAt(alignedLatency, edge.toNode);
    if (moved % period !== 0) {
      const name = `"${sourceName(patch, edge)}" to "${targetName(patch, edge)}"`;
      refuse(
        edge.delaySpan,
        `the edge from ${name} moves spectra by ${moved} frames; multiples of their period fit: ${period} frames`,
      );
    }
  });
}
