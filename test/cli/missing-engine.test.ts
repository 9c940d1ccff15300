import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { sinePatch } from '../session/rendering.js';
import type { TemporaryFolder } from '../temporary-folder.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import { start } from './command-line.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** A checkout with a compiled host, whose engine was never built. */
function checkoutWithoutEngine(): TemporaryFolder {
  const folder = makeTemporaryFolder();
  cpSync(`${repository}/dist`, folder.at('dist'), { recursive: true });
  cpSync(`${repository}/package.json`, folder.at('package.json'));
  symlinkSync(`${repository}/node_modules`, folder.at('node_modules'));
  folder.write('p.jsonc', sinePatch);
  return folder;
}

function ampIn(folder: TemporaryFolder, ...args: readonly string[]) {
  return start(process.execPath, ['dist/src/cli/main.js', ...args], folder.path).ended;
}

describe('without its engine amp-live', () => {
  test('says which line to type', async () => {
    const folder = checkoutWithoutEngine();
    const { exitCode, errors } = await ampIn(folder, 'render', 'p.jsonc', '-o', 'o.wav');
    expect(exitCode).toBe(3);
    expect(errors).toContain(`there is no ${folder.at('build/Release/amp_addon.node')}`);
    expect(errors).toContain(`npm --prefix ${folder.path} run build`);
  });

  test('says so too when the binary is damaged', async () => {
    const folder = checkoutWithoutEngine();
    mkdirSync(folder.at('build/Release'), { recursive: true });
    folder.write('build/Release/amp_addon.node', 'not a binary');
    const { exitCode, errors } = await ampIn(folder, 'render', 'p.jsonc', '-o', 'o.wav');
    expect(exitCode).toBe(3);
    expect(errors).toContain('the engine does not load');
    expect(errors).toContain(`npm --prefix ${folder.path} run build`);
  });

  test('still checks patches', async () => {
    expect(await ampIn(checkoutWithoutEngine(), 'check', 'p.jsonc')).toMatchObject({ exitCode: 0 });
  });
});
