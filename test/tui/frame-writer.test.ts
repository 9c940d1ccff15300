// Frames on a terminal: what it shows is the last frame, whatever it showed before.

import xterm from '@xterm/headless';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameWriter } from '../../tui/terminal/frame-writer.js';
import { paintLine, piece } from '../../tui/text/line.js';
import { paletteFor } from '../../tui/text/palette.js';
import { plainText } from '../../tui/text/plain-text.js';

const columns = 12;
const rows = 6;

const line = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('音', 'x', '█', ' ') }).map((text) => piece('good', text)),
    ),
  )
  .map((pieces) => {
    const plain = pieces.map((each) => (typeof each === 'string' ? plainText(each) : each));
    return paintLine(plain, columns, paletteFor({}));
  });
const frame = fc.array(line, { minLength: 1, maxLength: rows }).map((lines) => lines.join('\n'));

async function showOn(frames: readonly string[], mess = ''): Promise<readonly string[]> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  let written = mess;
  const writer = new FrameWriter({ write: (text) => (written += text) }, columns);
  for (const each of frames) {
    writer.write(each);
  }
  await new Promise<void>((resolve) => terminal.write(written, resolve));
  const { active } = terminal.buffer;
  const lines = Array.from(
    { length: rows },
    (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
  );
  terminal.dispose();
  return lines.map((each) => each.trimEnd());
}

test('frames one after the other show what the last one alone shows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 5 }), async (frames) => {
      expect(await showOn(frames)).toEqual(await showOn(frames.slice(-1)));
    }),
  );
});

test('the first frame covers whatever was on the terminal', async () => {
  expect(await showOn(['one\ntwo'], 'left over\r\nand more\r\n\r\nand more')).toEqual(['one', 'two', '', '', '', '']);
});

test('a line that fills the terminal keeps its last character', async () => {
  expect(await showOn(['abcdefghijkl', 'ABCDEFGHIJKL'])).toEqual(['ABCDEFGHIJKL', '', '', '', '', '']);
});

test('an equal frame writes nothing', () => {
  const written: string[] = [];
  const writer = new FrameWriter({ write: (text) => written.push(text) }, columns);
  writer.write('one\ntwo');
  writer.write('one\ntwo');
  expect(written).toHaveLength(1);
});
