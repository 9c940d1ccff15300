import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { argumentsOf } from '../../src/setup/start-arguments.mjs';

test('npm start plays the first patch with its notes, again and again', () => {
  const [command, patch = '', midi, notes = '', ...others] = argumentsOf([]);
  expect([command, midi, others]).toEqual(['play', '--midi', ['--loop']]);
  expect(patch).toMatch(/patches\/glass_pad\.jsonc$/);
  expect(notes).toMatch(/patches\/glass_pad\.mid$/);
  expect([patch, notes].filter((path) => !existsSync(path))).toEqual([]);
});

test('npm start -- COMMAND runs that command', () => {
  expect(argumentsOf(['render', 'a.jsonc', '-o', 'a.wav'])).toEqual(['render', 'a.jsonc', '-o', 'a.wav']);
});

test('npm start -- --help asks about the program', () => {
  expect(argumentsOf(['--help'])).toEqual(['--help']);
});

test('npm start -- OPTIONS plays the first patch with them', () => {
  expect(argumentsOf(['--device', 'clock'])).toEqual([...argumentsOf([]), '--device', 'clock']);
});
