// The screen in a real terminal: what reaches it, and that it is left as it was found.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { makeTemporaryFolder } from '../temporary-folder.js';
import type { PtySize } from './pty-program.js';
import { PtyProgram } from './pty-program.js';

const driver = fileURLToPath(new URL('screen-driver.mjs', import.meta.url));
const usual: PtySize = { columns: 100, rows: 30 };

/** The screen of a performance without sound, in a terminal whose settings are printed before and after. */
function startScreen(fate = '', size = usual, environment: NodeJS.ProcessEnv = {}) {
  const log = makeTemporaryFolder().at('log');
  const node = `'${process.execPath}' '${driver}' '${log}' ${fate}`;
  const program = new PtyProgram(
    `echo "before: $(stty -g)"; ${node}; echo "code: $?"; echo "after: $(stty -g)"`,
    size,
    {
      ...environment,
    },
  );
  const logged = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
  const pid = () =>
    Number(
      logged()
        .find((line) => line.startsWith('pid: '))
        ?.slice(5),
    );
  const signal = (name: NodeJS.Signals) => {
    process.kill(pid(), name);
  };
  /** Whether the system has stopped the program. */
  const isStopped = () => /\) T /.test(readFileSync(`/proc/${pid()}/stat`, 'utf8'));
  const isLogged = (line: string) => program.until(`"${line}" is logged`, () => logged().includes(line));
  return { program, logged, isLogged, signal, isStopped };
}

/** Ordinary screen, settings, cursor, and no marks around what is pasted. */
function expectAsFound(program: PtyProgram): void {
  expect(program.isOnAlternateScreen).toBe(false);
  const settings = [...program.written.matchAll(/(?:before|after): (\S+)/g)].map(([, setting]) => setting);
  expect(settings).toHaveLength(2);
  expect(settings[1]).toBe(settings[0]);
  expect(program.written.lastIndexOf('\u001b[?25h')).toBeGreaterThan(program.written.lastIndexOf('\u001b[?25l'));
  expect(program.written.lastIndexOf('\u001b[?2004l')).toBeGreaterThan(program.written.lastIndexOf('\u001b[?2004h'));
}

describe('the terminal is left as it was found', () => {
  test.each([
    ['Ctrl-Q', '\u0011'],
    ['Ctrl-C', '\u0003'],
  ])('after %s, which asks the performance to stop', async (_, key) => {
    const { program, logged } = startScreen();
    await program.shows('Glass pad');
    program.press(key);
    await program.exit();
    expect(logged()).toEqual(expect.arrayContaining(['stop', 'ended: quit']));
    expect(program.text()).toContain('code: 0');
    expectAsFound(program);
  });

  test('after a signal that ends the program', async () => {
    const { program, logged, signal } = startScreen();
    await program.shows('Glass pad');
    signal('SIGTERM');
    await program.exit();
    expect(logged()).toContain('ended: aborted');
    expectAsFound(program);
  });

  test('after a signal that nobody listens to', async () => {
    const { program, signal } = startScreen();
    await program.shows('Glass pad');
    signal('SIGQUIT');
    await program.exit();
    expect(program.text()).toContain('code: 131');
    expectAsFound(program);
  });

  test('after an exception that nobody catches, which can be read then', async () => {
    const { program } = startScreen('throw_later');
    await program.exit();
    expect(program.text()).toContain('Error: an accident');
    expect(program.text()).toContain('code: 1');
    expectAsFound(program);
  });

  test('after a performance that fails to tell its status', async () => {
    const { program, logged } = startScreen('throw');
    await program.exit();
    expect(logged()).toContain('failed: no status today');
    expectAsFound(program);
  });

  test('after a status that a component cannot draw', async () => {
    const { program, logged } = startScreen('nonsense');
    await program.exit();
    expect(logged().find((line) => line.startsWith('failed: '))).toMatch(/TypeError|undefined/);
    expectAsFound(program);
  });

  test('after process.exit', async () => {
    const { program } = startScreen('exit');
    await program.exit();
    expect(program.text()).toContain('code: 7');
    expectAsFound(program);
  });

  test('while the program is stopped, and taken again when it goes on', async () => {
    const { program, signal, isStopped } = startScreen();
    await program.shows('Glass pad');
    signal('SIGTSTP');
    await program.until('the screen is given back', () => !program.isOnAlternateScreen);
    // A signal to go on that comes before the program stops would be lost.
    await program.until('the program stops', isStopped);
    signal('SIGCONT');
    await program.until('the screen is taken again', () => program.isOnAlternateScreen);
    await program.shows('Glass pad');
    signal('SIGTERM');
    await program.exit();
    expectAsFound(program);
  });
});

describe('keys', () => {
  test('reach the performance by the names that patches use', async () => {
    const { program, isLogged, logged } = startScreen();
    await program.shows('Glass pad');
    program.press('zG \u001b[A\u001bOP\r');
    await isLogged('key enter');
    const keys = logged().filter((line) => line.startsWith('key '));
    expect(keys).toEqual(['key z', 'key g', 'key space', 'key up', 'key f1', 'key enter']);
  });

  test('escape is panic, alone and in front of another key', async () => {
    const { program, isLogged, logged } = startScreen();
    await program.shows('Glass pad');
    program.press('\u001b');
    await isLogged('panic');
    program.press('\u001bz');
    await isLogged('key z');
    expect(logged().filter((line) => /panic|key/.test(line))).toEqual(['panic', 'panic', 'key z']);
  });

  test('tab turns the pages and page down scrolls them, and neither reaches the performance', async () => {
    const { program, logged } = startScreen();
    await program.shows('[play]');
    program.press('\t');
    await program.shows('[edges]');
    expect(program.text()).toContain('node_0.out -> node_1.in');
    program.press('\u001b[6~');
    await program.until('the first edge is out of sight', () => !program.text().includes('node_0.out'));
    program.press('\t');
    await program.shows('[nodes]');
    expect(logged().filter((line) => line.startsWith('key '))).toEqual([]);
  });
});

describe('drawing', () => {
  test('goes on in the new size when the terminal gets another', async () => {
    const { program } = startScreen();
    await program.shows('Glass pad');
    for (const size of [{ columns: 40, rows: 10 }, { columns: 160, rows: 45 }, usual]) {
      program.resize(size);
      await program.until(`the last line but one of ${size.columns} x ${size.rows} has the keys`, () => {
        const lines = program.lines();
        const isWhole = lines[0]?.includes('Glass pad') && lines[size.rows - 2]?.includes('Ctrl-Q quit');
        return Boolean(isWhole) && lines.filter((line) => line.includes('Ctrl-Q')).length === 1;
      });
      expect(program.lines()[size.rows - 1]).toBe('');
    }
  });

  test('clears the screen once and then writes only what changed', async () => {
    const { program } = startScreen();
    await program.shows('Glass pad');
    // The last line: on a slow machine the first frame comes in pieces.
    await program.shows('Ctrl-Q');
    const before = program.written.length;
    await program.until('20 more frames are drawn', () => program.written.slice(before).split('[?2026h').length > 20);
    const frames = program.written.slice(before);
    expect(frames).not.toContain('\u001b[2J');
    expect(frames).not.toContain('Ctrl-Q');
  });

  test('uses no colours where NO_COLOR is set', async () => {
    const { program } = startScreen('', usual, { NO_COLOR: '1' });
    await program.shows('Glass pad');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(program.written).not.toMatch(/\u001b\[(3|9)\dm/);
  });

  test('is done even where CI is set, since there is a terminal', async () => {
    const { program } = startScreen('', usual, { CI: 'true' });
    await program.shows('Glass pad');
  });

  test('does not hold up the program when the terminal takes nothing', async () => {
    const { program, logged } = startScreen();
    await program.shows('Glass pad');
    const beats = () => logged().filter((line) => line.startsWith('beat '));
    const frames = () => Number(beats().at(-1)?.slice(5));
    program.stall();
    await program.until('the screen stands still', () =>
      beats()
        .slice(-10)
        .every((beat) => beat === `beat ${frames()}`),
    );
    const then = { beats: beats().length, frames: frames() };
    await program.until('the program has gone on', () => beats().length > then.beats + 10);
    program.resume();
    await program.until('frames are drawn again', () => frames() > then.frames + 5);
    await program.shows('Glass pad');
  });

  test('ends when the terminal is closed, and the program goes on', async () => {
    const { program, logged, isLogged } = startScreen();
    await program.shows('Glass pad');
    program.close();
    await isLogged('ended: terminal_lost');
    expect(logged()).not.toContain('stop');
  });

  test('ends when the terminal was closed before it could be taken', async () => {
    const { program, isLogged, signal } = startScreen('wait');
    await isLogged('waits');
    program.close();
    signal('SIGUSR2');
    await isLogged('ended: terminal_lost');
  });
});
