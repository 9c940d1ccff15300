// What can go wrong between host and engine, as a value.

/** The engine's own codes, in the order of `amp_status` after AMP_OK. */
const statusCodes = [
  'argument',
  'plan',
  'unsupported',
  'memory',
  'thread',
  'timeout',
  'not_found',
  'full',
  'busy',
] as const;

/** `missing`: the binary is not built or does not load. `closed`: the streamer was closed before. */
export type EngineErrorCode = (typeof statusCodes)[number] | 'missing' | 'closed';

export interface EngineError {
  readonly code: EngineErrorCode;
  /** A sentence that names the node, tap, edge, byte offset or file at fault. */
  readonly message: string;
}

export interface EngineFailure {
  readonly ok: false;
  readonly error: EngineError;
}

/** What a call that returns nothing else ends in. */
export type EngineOutcome = { readonly ok: true } | EngineFailure;

export const done: EngineOutcome = { ok: true };

export function fail(code: EngineErrorCode, message: string): EngineFailure {
  return { ok: false, error: { code, message } };
}

/** The code of an `amp_status` other than AMP_OK. */
export function errorCodeOf(status: number): EngineErrorCode {
  const code = statusCodes[status - 1];
  if (code === undefined) {
    throw new Error(`the engine answered with status ${status}, which amp.h does not have`);
  }
  return code;
}

/** The outcome of a call that answers with an `amp_status`; `message` is for whatever is not AMP_OK. */
export function outcomeOf(status: number, message: string): EngineOutcome {
  return status === 0 ? done : fail(errorCodeOf(status), message);
}
