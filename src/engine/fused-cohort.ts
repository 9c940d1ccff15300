// What of a plan runs as one, as the engine tells it.

/**
 * How the members of a cohort read an input or a parameter: `side by side` in one ring, `gathered` from several, `constant`
 * where nothing feeds it, `linked` from one link of a chain to the next.
 */
export type ReadingWay = 'side by side' | 'gathered' | 'constant' | 'linked';

export interface FusedCohort {
  /** `lanes` side by side, or a `chain` of which each reads the one before. */
  readonly kind: 'lanes' | 'chain';
  /** Indices in the plan, in the order of the lanes. */
  readonly nodes: readonly number[];
  /** Of each input, and of each parameter. */
  readonly inputs: readonly ReadingWay[];
  readonly parameters: readonly ReadingWay[];
}
