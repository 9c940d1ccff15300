import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { amp, shell } from './command-line.js';

const commands = ['play', 'render', 'check', 'plan', 'nodes', 'devices'];

describe('amp-live', () => {
  test.each(['--help', '-h'])('lists its commands with %s', async (option) => {
    const { exitCode, output, errors } = await amp([option]);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    for (const command of commands) {
      expect(output).toMatch(new RegExp(`^  ${command} +\\w`, 'm'));
    }
  });

  test('explains its exit codes with --help', async () => {
    expect((await amp(['--help'])).output).toContain('Exit codes: 0 done, 1 the input is wrong, 2');
  });

  test('prints its version with --version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await amp(['--version'])).toEqual({ exitCode: 0, output: `amp-live ${version}\n`, errors: '' });
  });

  test('shows how to use it when it is called without a command', async () => {
    const { exitCode, output, errors } = await amp([]);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toMatch(/^Usage: amp-live COMMAND/);
  });

  test('says which command was probably meant', async () => {
    const { exitCode, errors } = await amp(['rendr', 'x.jsonc']);
    expect(exitCode).toBe(2);
    expect(errors).toContain('amp-live: there is no command "rendr"; did you mean "render"?');
  });

  test('says which option was probably meant', async () => {
    const { exitCode, errors } = await amp(['--versoin']);
    expect(exitCode).toBe(2);
    expect(errors).toContain('amp-live: there is no option --versoin; did you mean "--version"?');
  });

  test('lets no name of a file move the cursor', async () => {
    const { errors } = await amp(['check', '\u001b[2J\u009b31mnone']);
    expect(errors).toBe('amp-live: cannot read \uFFFD[2J\uFFFD31mnone: there is no such file or folder\n');
  });

  test('works in any folder', async () => {
    const folder = makeTemporaryFolder();
    folder.write('p.jsonc', '{ "amp": 1, "nodes": { "out": { "type": "output" } }, "edges": [] }');
    expect(await amp(['check', 'p.jsonc'], folder.path)).toMatchObject({ exitCode: 0 });
  });

  test('ends quietly when nobody reads on', async () => {
    const { output, errors } = await shell('$AMP nodes --json | head -n 1', makeTemporaryFolder().path);
    expect({ output, errors }).toEqual({ output: '[\n', errors: '' });
  });
});

describe.each(commands)('amp-live %s', (command) => {
  test.each(['--help', '-h'])('explains itself with %s', async (option) => {
    const { exitCode, output, errors } = await amp([command, option]);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    expect(output).toContain(`Usage: amp-live ${command}`);
  });

  test('refuses an option that it does not have', async () => {
    const { exitCode, output, errors } = await amp([command, '--zzz', 'x.jsonc']);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toBe(`amp-live ${command}: there is no option --zzz\namp-live ${command} --help tells more\n`);
  });
});

describe.each(['play', 'render', 'check', 'plan'])('amp-live %s', (command) => {
  test('says that the patch is missing', async () => {
    const { exitCode, errors } = await amp([command]);
    expect(exitCode).toBe(2);
    expect(errors).toContain(`amp-live ${command}: PATCH is missing`);
  });
});

describe.each(['play', 'render', 'plan', 'nodes'])('amp-live %s', (command) => {
  test('refuses more arguments than fit', async () => {
    const { exitCode, errors } = await amp([command, 'one', 'two']);
    expect(exitCode).toBe(2);
    expect(errors).toContain('found "two" after');
  });
});
