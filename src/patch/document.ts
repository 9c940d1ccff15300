// The text of a patch as a tree with positions: JSON with comments and trailing commas, and what is wrong with its form.
import type { Node, ParseError } from 'jsonc-parser';
import { createScanner, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { SourceText } from './diagnostic.js';
import type { Report } from './report.js';

/** Deeper than any patch; a deeper text would exhaust the parser's stack. */
const deepestNesting = 64;

/** What the text is, for messages. */
export type DocumentKind = 'patch' | 'schedule';

/** Reads the tree. `undefined` when mistakes of form, which are reported, leave nothing whose meaning can be judged. */
export function readDocument(source: SourceText, report: Report, kind: DocumentKind = 'patch'): Node | undefined {
  if (isNestedTooDeep(source, report, kind)) {
    return undefined;
  }
  const errors: ParseError[] = [];
  const root = parseTree(source.text, errors, { allowTrailingComma: true, disallowComments: false });
  for (const error of withoutConsequences(source, errors)) {
    report.add(error, explain(source, error, kind));
  }
  return errors.every((error) => leavesTreeWhole(source, error)) ? root : undefined;
}

function isNestedTooDeep(source: SourceText, report: Report, kind: DocumentKind): boolean {
  const scanner = createScanner(source.text, true);
  let depth = 0;
  for (scanner.scan(); scanner.getTokenOffset() < source.text.length; scanner.scan()) {
    const firstCharacter = source.text.charAt(scanner.getTokenOffset());
    if (firstCharacter === '{' || firstCharacter === '[') {
      depth++;
    } else if (firstCharacter === '}' || firstCharacter === ']') {
      depth--;
    }
    if (depth > deepestNesting) {
      const span = { offset: scanner.getTokenOffset(), length: scanner.getTokenLength() };
      report.add(span, `objects and arrays are nested more than ${deepestNesting} deep; no ${kind} is`);
      return true;
    }
  }
  return false;
}

/** Only the first mistake of a line and none that merely follows from the one before it. */
function withoutConsequences(source: SourceText, errors: readonly ParseError[]): readonly ParseError[] {
  const told: ParseError[] = [];
  let previous: ParseError | undefined;
  for (const error of errors) {
    const isConsequence = previous !== undefined && followsFrom(source, previous, error);
    if (!isConsequence) {
      told.push(error);
      previous = error;
    }
  }
  return told;
}

function followsFrom(source: SourceText, previous: ParseError, error: ParseError): boolean {
  if (source.positionAt(previous.offset).line === source.positionAt(error.offset).line) {
    return true;
  }
  switch (printParseErrorCode(previous.error)) {
    case 'InvalidSymbol':
      return ['ValueExpected', 'PropertyNameExpected'].includes(printParseErrorCode(error.error));
    case 'UnexpectedEndOfString':
      return printParseErrorCode(error.error) === 'CommaExpected';
    case 'UnexpectedEndOfComment':
      return true;
    default:
      return isClosingBracket(textAt(source, previous)) && error.offset >= source.text.trimEnd().length;
  }
}

/** Whether the tree still holds all that was written but for single values, so that the meaning of the rest can be judged. */
function leavesTreeWhole(source: SourceText, error: ParseError): boolean {
  switch (printParseErrorCode(error.error)) {
    case 'CommaExpected':
      return !isClosingBracket(textAt(source, error));
    case 'ValueExpected':
      return error.offset < source.text.trimEnd().length;
    case 'InvalidSymbol':
    case 'UnexpectedEndOfNumber':
    case 'InvalidEscapeCharacter':
    case 'InvalidUnicode':
    case 'InvalidCharacter':
      return true;
    default:
      return false;
  }
}

function explain(source: SourceText, error: ParseError, kind: DocumentKind): string {
  const found = JSON.stringify(shortened(textAt(source, error)));
  const isAtEnd = error.offset >= source.text.trimEnd().length;
  switch (printParseErrorCode(error.error)) {
    case 'CommaExpected':
      return isClosingBracket(textAt(source, error))
        ? `${found} closes what another bracket opened; ${found === '"]"' ? '"}"' : '"]"'} fits`
        : `a comma is missing before ${found}`;
    case 'ColonExpected':
      return `a colon is missing before ${found}`;
    case 'PropertyNameExpected':
      return found === '","' ? 'there is a comma too many' : `found ${found}; a name in double quotes fits`;
    case 'ValueExpected':
      return source.text.trim() === ''
        ? `the file is empty; a ${kind} begins with {`
        : isAtEnd
          ? 'the text ends where a value has to stand'
          : `found ${found}; a value has to stand here`;
    case 'CloseBraceExpected':
      return isAtEnd ? 'the text ends before a "{" is closed; "}" is missing' : `found ${found}; "}" fits`;
    case 'CloseBracketExpected':
      return isAtEnd ? 'the text ends before a "[" is closed; "]" is missing' : `found ${found}; "]" fits`;
    case 'EndOfFileExpected':
      return `found ${found} behind the end of the ${kind}`;
    case 'InvalidSymbol':
      return `${found} is neither a number, true, false nor null; names and texts stand in double quotes`;
    case 'InvalidNumberFormat':
    case 'UnexpectedEndOfNumber':
      return `${found} is not a whole number or a decimal such as 0.5`;
    case 'UnexpectedEndOfComment':
      return 'this comment has no end; "*/" is missing';
    case 'UnexpectedEndOfString':
      return 'this text has no end on its line; a double quote is missing';
    case 'InvalidEscapeCharacter':
    case 'InvalidUnicode':
      return `${found} holds a backslash with no meaning; \\" \\\\ \\n \\t and \\u0041 have one`;
    case 'InvalidCharacter':
      return `${found} holds a control character; \\t and \\n stand for tab and line end`;
    default:
      return `found ${found}, which does not fit here`;
  }
}

function textAt(source: SourceText, error: ParseError): string {
  return source.text.slice(error.offset, error.offset + error.length);
}

function isClosingBracket(text: string): boolean {
  return text === ']' || text === '}';
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
