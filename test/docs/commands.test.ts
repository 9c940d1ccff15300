import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { nodeTypes } from '../../src/patch/node-types.js';
import { readPatch } from '../../src/patch/read.js';
import { compilePlan } from '../../src/plan/compile.js';
import { amp } from '../cli/command-line.js';

const repository = new URL('../..', import.meta.url);
const page = (path: string) => readFileSync(new URL(path, repository), 'utf8');
const commands = ['play', 'render', 'check', 'plan', 'nodes', 'devices', 'fit'];

/** The long options that a text names, each once. */
function optionsIn(text: string): readonly string[] {
  const found = [...text.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([option]) => option);
  return [...new Set(found)].filter((option) => option !== '--help').sort();
}

describe('docs/commands.md', () => {
  const sections = page('docs/commands.md').split(/^## /m).slice(1);

  test('has a section for each command, and no other', () => {
    expect(sections.map((section) => section.split(/\W/)[0])).toEqual(commands);
  });

  test.each(commands)('names the options that %s has, and no other', async (command) => {
    const section = sections.find((each) => each.startsWith(command)) ?? '';
    expect(optionsIn(section)).toEqual(optionsIn((await amp([command, '--help'])).output));
  });
});

describe('README.md', () => {
  test('shows a first patch without mistakes', () => {
    const text = /```jsonc\n(.*?)```/s.exec(page('README.md'))?.[1] ?? '';
    const reading = readPatch(text, 'README.md');
    expect(reading).toMatchObject({ ok: true });
    expect(reading.ok && compilePlan(reading.patch, { sampleRate: 48_000 })).toMatchObject({ ok: true });
  });

  test('names every command', () => {
    const table =
      page('README.md')
        .split(/^## /m)
        .find((section) => section.startsWith('Commands')) ?? '';
    const named = [...table.matchAll(/^\| `(\w+)[^`]*` \|/gm)].map(([, name]) => name);
    expect(named).toEqual(commands);
  });

  test.each(['README.md', 'docs/commands.md'])('and its like lead only to files that are there: %s', (path) => {
    const links = [...page(path).matchAll(/\]\(([^)#]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => !existsSync(fileURLToPath(new URL(link, new URL(path, repository)))));
    expect(broken).toEqual([]);
  });
});

test('CHANGELOG.md names every node type', () => {
  for (const { name } of nodeTypes) {
    expect(page('CHANGELOG.md')).toMatch(new RegExp(`\\b${name}\\b`));
  }
});
