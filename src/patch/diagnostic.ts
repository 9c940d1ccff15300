// What a performer is told about a mistake in a patch, and where it stands.

/** A piece of the source text, in UTF-16 code units from its beginning. */
export interface SourceSpan {
  readonly offset: number;
  readonly length: number;
}

/** A place that a person can find: lines and columns count from 1, columns in UTF-16 code units, as editors count them. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** One mistake: where it is, what was found, and what would fit. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** `file:line:column: message`, the form that editors and terminals make clickable. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  return `${diagnostic.file}:${diagnostic.line}:${diagnostic.column}: ${diagnostic.message}`;
}

/** Orders diagnostics by file, place and message, so that the same texts always give the same list. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return compareTexts(a.file, b.file) || a.line - b.line || a.column - b.column || compareTexts(a.message, b.message);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const byteOrderMark = '\uFEFF';

/** A named text whose offsets can be turned into lines and columns. */
export class SourceText {
  readonly file: string;
  /** The text without a byte order mark; every offset counts from its first character. */
  readonly text: string;
  readonly #lineStarts: readonly number[];

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text.startsWith(byteOrderMark) ? text.slice(1) : text;
    this.#lineStarts = findLineStarts(this.text);
  }

  /** Line and column of an offset; an offset outside of the text gives its nearest end. */
  positionAt(offset: number): SourcePosition {
    const inside = Math.min(Math.max(offset, 0), this.text.length);
    let first = 0;
    let last = this.#lineStarts.length - 1;
    while (first < last) {
      const middle = Math.ceil((first + last) / 2);
      if ((this.#lineStarts[middle] ?? 0) <= inside) {
        first = middle;
      } else {
        last = middle - 1;
      }
    }
    return { line: first + 1, column: inside - (this.#lineStarts[first] ?? 0) + 1 };
  }

  /** A diagnostic that points at the beginning of `span`. */
  diagnostic(span: SourceSpan, message: string): Diagnostic {
    return { file: this.file, ...this.positionAt(span.offset), message };
  }
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (const lineBreak of text.matchAll(/\r\n|\n|\r/g)) {
    starts.push(lineBreak.index + lineBreak[0].length);
  }
  return starts;
}
