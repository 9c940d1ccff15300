// OSC address patterns: ? * [a-z] [!a-z] {this,that} within a part, and the // of OSC 1.1 across parts.
//
// No regular expressions, and no backtracking: a part is read once, with the set of all places of the name that the pattern may have
// reached. The work is the length of the pattern times the length of the name, whatever somebody writes, and the whole is bounded.

/** What a part of a pattern consists of. */
type Token =
  | { readonly type: 'character'; readonly code: number }
  | { readonly type: 'any' }
  | { readonly type: 'many' }
  | { readonly type: 'set'; readonly isNegated: boolean; readonly ranges: readonly (readonly [number, number])[] }
  | { readonly type: 'choice'; readonly words: readonly string[] };

export type PatternReading =
  | { readonly ok: true; readonly pattern: AddressPattern }
  | { readonly ok: false; readonly message: string };

/** Longer patterns are refused. */
export const longestPattern = 256;

/** Whether a text is more than one plain address. */
export function isPattern(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if ('?*[]{}'.includes(character) || (character === '/' && text[index + 1] === '/')) {
      return true;
    }
  }
  return false;
}

/** The parts of an address, such as `low` and `cutoff`. */
export function addressParts(address: string): readonly string[] {
  return address.slice(1).split('/');
}

/** Reads a text that begins with a slash. */
export function parsePattern(text: string): PatternReading {
  if (text.length > longestPattern) {
    return refuse(`the pattern has ${text.length} characters; ${longestPattern} fit`);
  }
  const parts: PartPattern[] = [];
  for (const [index, part] of addressParts(text).entries()) {
    if (part === '') {
      continue;
    }
    const tokens = parsePart(part);
    if (typeof tokens === 'string') {
      return refuse(tokens);
    }
    parts.push(new PartPattern(tokens, index > 0 && isEmptyBefore(text, index)));
  }
  return text.endsWith('/') || parts.length === 0
    ? refuse('the pattern ends with "/"; a name fits there, or "*"')
    : { ok: true, pattern: new AddressPattern(parts) };
}

function refuse(message: string): PatternReading {
  return { ok: false, message };
}

function isEmptyBefore(text: string, index: number): boolean {
  return addressParts(text)[index - 1] === '';
}

/** What matching may still cost, in comparisons of a character. */
export interface MatchingWork {
  left: number;
}

/** A pattern that was read. Remembers names, so matching many addresses costs little. */
export class AddressPattern {
  readonly #parts: readonly PartPattern[];

  constructor(parts: readonly PartPattern[]) {
    this.#parts = parts;
  }

  /** Whether an address, given by its parts, is meant. Takes from `work`; once nothing is left, nothing matches. */
  matches(names: readonly string[], work: MatchingWork): boolean {
    /** How many names the pattern may have passed. */
    let reached: readonly number[] = [0];
    for (const part of this.#parts) {
      const next: number[] = [];
      for (const place of part.isAnywhere ? placesFrom(reached[0] ?? 0, names.length) : reached) {
        const name = names[place];
        if (name !== undefined && part.matches(name, work)) {
          next.push(place + 1);
        }
      }
      if (next.length === 0) {
        return false;
      }
      reached = next;
    }
    return reached.at(-1) === names.length;
  }
}

function placesFrom(first: number, end: number): readonly number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
}

/** One part of a pattern, between slashes. */
class PartPattern {
  /** Whether `//` stands before it: any number of names may lie between. */
  readonly isAnywhere: boolean;
  readonly #tokens: readonly Token[];
  /** No shorter name can match. */
  readonly #leastLength: number;
  readonly #remembered = new Map<string, boolean>();

  constructor(tokens: readonly Token[], isAnywhere: boolean) {
    this.#tokens = tokens;
    this.#leastLength = tokens.reduce((sum, token) => sum + leastLength(token), 0);
    this.isAnywhere = isAnywhere;
  }

  matches(name: string, work: MatchingWork): boolean {
    if (name.length < this.#leastLength) {
      return false;
    }
    let isMatch = this.#remembered.get(name);
    if (isMatch === undefined) {
      isMatch = matchesName(this.#tokens, name, work);
      this.#remembered.set(name, isMatch);
    }
    return isMatch;
  }
}

function leastLength(token: Token): number {
  switch (token.type) {
    case 'many':
      return 0;
    case 'choice':
      return Math.min(...token.words.map((word) => word.length));
    default:
      return 1;
  }
}

function matchesName(tokens: readonly Token[], name: string, work: MatchingWork): boolean {
  /** 1 at each place that the tokens so far may end at. */
  let reached = new Uint8Array(name.length + 1);
  let next = new Uint8Array(name.length + 1);
  reached[0] = 1;
  for (const token of tokens) {
    work.left -= token.type === 'choice' ? (name.length + 1) * token.words.length : name.length + 1;
    if (work.left < 0 || !step(token, name, reached, next)) {
      return false;
    }
    [reached, next] = [next, reached];
    next.fill(0);
  }
  return reached[name.length] === 1;
}

/** Takes a token from all reached places; whether any place is reached then. */
function step(token: Token, name: string, reached: Uint8Array, next: Uint8Array): boolean {
  const first = reached.indexOf(1);
  if (token.type === 'many') {
    next.fill(1, first);
    return true;
  }
  let isReached = false;
  for (let place = first; place <= name.length; place++) {
    if (reached[place] !== 1) {
      continue;
    }
    if (token.type === 'choice') {
      for (const word of token.words) {
        if (name.startsWith(word, place)) {
          next[place + word.length] = 1;
          isReached = true;
        }
      }
    } else if (place < name.length && fits(token, name.charCodeAt(place))) {
      next[place + 1] = 1;
      isReached = true;
    }
  }
  return isReached;
}

function fits(token: Exclude<Token, { readonly type: 'many' | 'choice' }>, code: number): boolean {
  switch (token.type) {
    case 'any':
      return true;
    case 'character':
      return token.code === code;
    case 'set':
      return token.isNegated !== token.ranges.some(([low, high]) => low <= code && code <= high);
  }
}

/** The tokens of a part, or a sentence that says what is wrong. */
function parsePart(part: string): readonly Token[] | string {
  const tokens: Token[] = [];
  for (let at = 0; at < part.length; at++) {
    const character = part[at] ?? '';
    if (character === '[' || character === '{') {
      const end = part.indexOf(character === '[' ? ']' : '}', at);
      if (end < 0) {
        return `"${character}" is not closed within its part`;
      }
      const inside = part.slice(at + 1, end);
      const token = character === '[' ? parseSet(inside) : parseChoice(inside);
      if (typeof token === 'string') {
        return token;
      }
      tokens.push(token);
      at = end;
    } else if (character === ']' || character === '}') {
      return `"${character}" closes nothing`;
    } else if (character === '*') {
      if (tokens.at(-1)?.type !== 'many') {
        tokens.push({ type: 'many' });
      }
    } else {
      tokens.push(character === '?' ? { type: 'any' } : { type: 'character', code: character.charCodeAt(0) });
    }
  }
  return tokens;
}

function parseSet(inside: string): Token | string {
  const isNegated = inside.startsWith('!');
  const characters = isNegated ? inside.slice(1) : inside;
  if (characters === '') {
    return '"[]" holds no character';
  }
  const ranges: [number, number][] = [];
  for (let at = 0; at < characters.length; at++) {
    const low = characters.charCodeAt(at);
    const isRange = characters[at + 1] === '-' && at + 2 < characters.length;
    const high = isRange ? characters.charCodeAt(at + 2) : low;
    if (high < low) {
      return `the range ${characters.slice(at, at + 3)} runs backwards`;
    }
    ranges.push([low, high]);
    at += isRange ? 2 : 0;
  }
  return { type: 'set', isNegated, ranges };
}

function parseChoice(inside: string): Token | string {
  const wrong = [...inside].find((character) => '?*[{'.includes(character));
  return wrong === undefined
    ? { type: 'choice', words: [...new Set(inside.split(','))] }
    : `"${wrong}" stands in braces, which hold plain words only`;
}
