// A peer that breaks off is left out with the reason; it does not end the benchmark.

export type Attempt<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string };

export function attempt<Value>(work: () => Value): Attempt<Value> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, reason: `broke off: ${error instanceof Error ? error.message : String(error)}` };
  }
}
