// What the engine says about itself and about a plan.

import type { EngineFailure } from './error.js';
import { errorCodeOf, fail } from './error.js';
import { loadNative } from './native.js';

export type TextResult = { readonly ok: true; readonly json: string } | EngineFailure;

/** A plan as the engine read it, as JSON. Errors: `missing`, `plan` with the offset or the name at fault. */
export function describePlanBytes(plan: Uint8Array): TextResult {
  const loading = loadNative();
  if (!loading.ok) {
    return loading;
  }
  const answer = loading.addon.planJson(plan);
  return typeof answer === 'string' ? { ok: true, json: answer } : fail(errorCodeOf(answer.status), answer.message);
}

/** The declarations of all node types that the engine has, as JSON. Errors: `missing`. */
export function describeNodeTypes(): TextResult {
  const loading = loadNative();
  return loading.ok ? { ok: true, json: loading.addon.nodeTypesJson() } : loading;
}

export interface EngineVersion {
  readonly version: string;
  /** What the binary was built for, such as `x86-64-v3`. */
  readonly instructionSet: string;
}

/** Version of the engine. Errors: `missing`. */
export function engineVersion(): { readonly ok: true; readonly engine: EngineVersion } | EngineFailure {
  const loading = loadNative();
  if (!loading.ok) {
    return loading;
  }
  const { version, instructionSet } = loading.addon;
  return { ok: true, engine: { version, instructionSet } };
}
