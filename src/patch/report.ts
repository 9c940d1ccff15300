// Gathers the mistakes of one patch, so that all of them can be told at once.
import type { Diagnostic, SourceSpan, SourceText } from './diagnostic.js';
import { compareDiagnostics } from './diagnostic.js';

export class Report {
  readonly #source: SourceText;
  readonly #diagnostics: Diagnostic[] = [];

  constructor(source: SourceText) {
    this.#source = source;
  }

  /** Notes a mistake that stands at `span`. */
  add(span: SourceSpan, message: string): void {
    this.#diagnostics.push(this.#source.diagnostic(span, message));
  }

  /** The line of a span, to point at it from a message about another place. */
  lineOf(span: SourceSpan): number {
    return this.#source.positionAt(span.offset).line;
  }

  /** What was noted so far, in the order of the text. */
  diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics.toSorted(compareDiagnostics);
  }
}
