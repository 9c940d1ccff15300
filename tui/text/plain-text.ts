// Text from outside (names of devices, ports, patches, addresses) as characters whose width on a terminal is certain.

const simple = /^[ -~]*$/;
const invisible = /[\p{M}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu;
const blank = /[\p{Cc}\p{Z}]/gu;
/** Terminals do not agree on how wide these are. */
const uncertain = /[\p{Emoji_Presentation}\u{10000}-\u{1ffff}\u{30000}-\u{10ffff}]/gu;
/** Characters of two cells: East Asian wide and full-width ones of the basic plane, and the plane of ideographs. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{2ffff}]/u;

/** One line without control characters, escape sequences and marks, so that nothing in a name can move the cursor. */
export function plainText(text: string): string {
  if (simple.test(text)) {
    return text;
  }
  return text.normalize('NFC').replace(blank, ' ').replace(invisible, '').replace(uncertain, '□');
}

/** Cells that plain text takes. */
export function displayWidth(text: string): number {
  if (simple.test(text)) {
    return text.length;
  }
  let width = 0;
  for (const character of text) {
    width += wide.test(character) ? 2 : 1;
  }
  return width;
}

/** Plain text in at most so many cells; what does not fit is an ellipsis at its end. */
export function shorten(text: string, cells: number): string {
  return displayWidth(text) <= cells ? text : `${takeCells(text, cells - 1)}${cells > 0 ? '…' : ''}`;
}

/** Plain text on as many lines as it takes, broken between words; a word that is longer than a line is cut. */
export function breakText(text: string, cells: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last) + 1 + displayWidth(word) <= cells) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(shorten(word, cells));
    }
  }
  return lines;
}

/** As `shorten`, but the end stays: for paths, and for names that differ at their ends. */
export function shortenMiddle(text: string, cells: number): string {
  if (displayWidth(text) <= cells) {
    return text;
  }
  const endCells = Math.floor((cells - 1) / 2);
  const reversed = [...text].reverse().join('');
  const end = [...takeCells(reversed, endCells)].reverse().join('');
  return `${takeCells(text, cells - 1 - endCells)}${cells > 0 ? '…' : ''}${end}`;
}

/** Plain text in exactly so many cells. */
export function column(text: string, cells: number, alignment: 'left' | 'right' = 'left'): string {
  const short = shorten(text, cells);
  const space = ' '.repeat(Math.max(0, cells - displayWidth(short)));
  return alignment === 'left' ? short + space : space + short;
}

function takeCells(text: string, cells: number): string {
  let taken = '';
  let left = cells;
  for (const character of text) {
    left -= wide.test(character) ? 2 : 1;
    if (left < 0) {
      break;
    }
    taken += character;
  }
  return taken;
}
