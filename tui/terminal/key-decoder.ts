// What a terminal sends, as names of keys.

const escapeCharacter = '\u001b';
const pasteBegins = `${escapeCharacter}[200~`;
const pasteEnds = `${escapeCharacter}[201~`;
/** A sequence longer than this is none. */
const longestSequence = 32;

const controlKeys: Readonly<Record<string, string>> = {
  '\u0003': 'ctrl_c',
  '\u0008': 'backspace',
  '\t': 'tab',
  '\n': 'enter',
  '\u000c': 'ctrl_l',
  '\r': 'enter',
  '\u000e': 'ctrl_n',
  '\u0010': 'ctrl_p',
  '\u0011': 'ctrl_q',
  ' ': 'space',
  '\u007f': 'backspace',
};

/** By the letter that ends the sequence (ECMA-48, xterm). */
const letterKeys: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  Z: 'shift_tab',
};

/** By the number before `~` (VT220, xterm, rxvt). */
const numberKeys: Readonly<Record<string, string>> = {
  1: 'home',
  4: 'end',
  5: 'page_up',
  6: 'page_down',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};

/**
 * Turns text from a terminal, however it is cut into pieces, into names of keys: those that patches use, and for the
 * screen `escape`, `shift_tab`, `page_up`, `page_down`, `home`, `end`, `ctrl_c` and its like. Pasted text is no playing
 * and is dropped. Letters come in lower case, characters beyond ASCII not at all. An escape character followed by a
 * letter is taken for two keys: a wish for panic must not be lost because a note was played right after it.
 */
export class KeyDecoder {
  private rest = '';
  private isPasting = false;

  /** Whether an escape character waits for what follows it, if anything does. */
  get isWaiting(): boolean {
    return this.rest !== '' && !this.isPasting;
  }

  push(text: string): readonly string[] {
    this.rest += text;
    const keys: string[] = [];
    while (this.rest !== '') {
      const taken = this.isPasting ? this.takePasted() : this.takeKey(keys);
      if (taken === 0) {
        break;
      }
      this.rest = this.rest.slice(taken);
    }
    return keys;
  }

  /** Nothing followed: what waits is the escape key, and whatever keys came with it. */
  flush(): readonly string[] {
    if (!this.isWaiting) {
      return [];
    }
    const after = this.rest.slice(1);
    this.rest = '';
    return ['escape', ...this.push(after)];
  }

  private takePasted(): number {
    const end = this.rest.indexOf(pasteEnds);
    if (end >= 0) {
      this.isPasting = false;
      return end + pasteEnds.length;
    }
    // The last characters may be the beginning of the end.
    return Math.max(0, this.rest.length - (pasteEnds.length - 1));
  }

  /** @returns how many characters the key took, 0 when it is not whole yet */
  private takeKey(keys: string[]): number {
    const [first = ''] = this.rest;
    if (first !== escapeCharacter) {
      const key = controlKeys[first] ?? (/^[!-~]$/.test(first) ? first.toLowerCase() : undefined);
      if (key !== undefined) {
        keys.push(key);
      }
      return first.length;
    }
    const second = this.rest[1];
    if (second === undefined) {
      return 0;
    }
    if (second !== '[' && second !== 'O') {
      keys.push('escape');
      return 1;
    }
    return second === 'O' ? this.takeSingleShift(keys) : this.takeSequence(keys);
  }

  private takeSingleShift(keys: string[]): number {
    const letter = this.rest[2];
    if (letter === undefined) {
      return 0;
    }
    pushKnown(keys, letterKeys[letter]);
    return letter === escapeCharacter ? 2 : 3;
  }

  private takeSequence(keys: string[]): number {
    // The Linux console sends F1 to F5 as `ESC [ [ A` to `E`.
    const console = /^.\[\[(.)?/s.exec(this.rest);
    if (console !== null) {
      const index = 'ABCDE'.indexOf(console[1] ?? '?');
      pushKnown(keys, index < 0 ? undefined : `f${index + 1}`);
      return console[1] === undefined ? 0 : 4;
    }
    const sequence = /^.\[([0-?]*)[ -/]*([@-~])?/s.exec(this.rest);
    const [whole = '', parameters = '', final] = sequence ?? [];
    if (final === undefined) {
      // Either more is to come, or a character that belongs to no sequence has come.
      return whole.length < this.rest.length || whole.length > longestSequence ? whole.length : 0;
    }
    if (whole === pasteBegins) {
      this.isPasting = true;
    } else {
      const [number = ''] = parameters.split(';');
      pushKnown(keys, final === '~' ? numberKeys[number] : letterKeys[final]);
    }
    return whole.length;
  }
}

function pushKnown(keys: string[], key: string | undefined): void {
  if (key !== undefined) {
    keys.push(key);
  }
}
