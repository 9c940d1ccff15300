// What moves a gate, as text: whatever moves a parameter, and signals of the patch: signal:wobble, signal:low.band.
import { controlSourcePattern, parseControlSource } from './control-source.js';
import type { ControlSource } from './patch.js';

/** An output tap of the patch that opens and closes a gate, as it is written. */
export interface SignalSource {
  readonly type: 'signal';
  /** "node" or "node.output". */
  readonly reference: string;
}

export type GateSource = ControlSource | SignalSource;

/** A source that was read, or a sentence that says what would fit. */
export type GateSourceReading =
  | { readonly ok: true; readonly source: GateSource }
  | { readonly ok: false; readonly message: string };

const scheme = 'signal:';

/** How sources of gates look: a regular expression for the JSON Schema; `parseGateSource` says more. */
export const gateSourcePattern = `${controlSourcePattern}|^signal:[a-z][a-z0-9_]*(?:\\.[a-z][a-z0-9_]*)?$`;

/** Reads the text of a gate's source. Whether a signal's node and output are there is not known here. */
export function parseGateSource(text: string): GateSourceReading {
  return text.startsWith(scheme)
    ? { ok: true, source: { type: 'signal', reference: text.slice(scheme.length) } }
    : parseControlSource(text, ['signal']);
}
