// `amp-live play` on a terminal, with the engine that makes the sound.

import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { PtyProgram } from './pty-program.js';

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Plays the first patch and its MIDI file; the terminal's settings are printed before and after. */
function startPlaying() {
  const recording = makeTemporaryFolder().at('out.wav');
  const words = [
    process.execPath,
    fromRoot('dist/src/cli/main.js'),
    'play',
    fromRoot('patches/glass_pad.jsonc'),
    ...['--midi', fromRoot('patches/glass_pad.mid'), '--loop'],
    ...['--device', 'clock', '--osc-port', '0', '--record', recording],
  ].map((word) => `"${word}"`);
  const play = `sh -c 'echo "pid: $$"; exec ${words.join(' ')}'`;
  const program = new PtyProgram(`echo "before: $(stty -g)"; ${play}; echo "code: $?"; echo "after: $(stty -g)"`, {
    columns: 120,
    rows: 40,
  });
  return { program, recording };
}

function settings({ written }: PtyProgram, when: 'before' | 'after'): string | undefined {
  return new RegExp(`${when}: (\\S+)`).exec(written)?.[1];
}

describe('play on a terminal', () => {
  test('shows what plays, takes keys as notes, and leaves the terminal and a whole recording when it quits', async () => {
    const { program, recording } = startPlaying();
    await program.shows('Glass pad');
    await program.shows('loops');
    await program.until('the patch is heard', () => /level L +█+/.test(program.text()));
    expect(program.text()).toContain('clock: nobody hears it');
    expect(program.text()).toMatch(/latency +device .* ms \+ engine .* ms \+ patch .* ms = .* ms/);
    program.press('z');
    // The first note that somebody plays ends the MIDI file.
    await program.shows('stopped');
    program.press('\u0011');
    await program.exit();
    expect(program.text()).toContain('code: 0');
    expect(program.isOnAlternateScreen).toBe(false);
    expect(settings(program, 'after')).toBe(settings(program, 'before'));
    expect(statSync(recording).size).toBeGreaterThan(10_000);
  });

  test('leaves the terminal when it is terminated', async () => {
    const { program, recording } = startPlaying();
    await program.shows('Glass pad');
    process.kill(Number(/pid: (\d+)/.exec(program.written)?.[1]), 'SIGTERM');
    await program.exit();
    expect(program.isOnAlternateScreen).toBe(false);
    expect(settings(program, 'after')).toBe(settings(program, 'before'));
    expect(program.written.lastIndexOf('\u001b[?25h')).toBeGreaterThan(program.written.lastIndexOf('\u001b[?25l'));
    expect(statSync(recording).size).toBeGreaterThan(0);
  });
});
