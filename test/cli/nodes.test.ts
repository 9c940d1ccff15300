import { describe, expect, test } from 'vitest';
import { nodeTypes } from '../../src/patch/node-types.js';
import { amp } from './command-line.js';

describe('amp-live nodes', () => {
  test('lists every node type with its purpose', async () => {
    const { exitCode, output, errors } = await amp(['nodes']);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    const lines = output
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(lines).toEqual(nodeTypes.map(({ name, purpose }) => [name, purpose]));
  });

  test('prints the declarations with --json', async () => {
    expect(JSON.parse((await amp(['nodes', '--json'])).output)).toEqual(nodeTypes);
  });

  test.each(nodeTypes.map((type) => [type.name, type] as const))('describes %s wholly', async (name, type) => {
    const { exitCode, output } = await amp(['nodes', name]);
    expect(exitCode).toBe(0);
    const words = [...type.inputs, ...type.outputs, ...type.parameters, ...type.options].flatMap((part) => [
      part.name,
      part.purpose,
    ]);
    for (const word of [type.purpose, type.source, `patches/examples/${name}.jsonc`, ...words]) {
      expect(output).toContain(word);
    }
  });

  test('tells range, unit and default of a parameter', async () => {
    expect((await amp(['nodes', 'svf'])).output).toMatch(/cutoff +10 to 20000 Hz, else 1000/);
  });

  test('tells latency, tail, heat and whether gradients go through', async () => {
    const { output } = await amp(['nodes', 'limiter']);
    expect(output).toMatch(/^Latency: 64 frames; tail: none$/m);
    expect(output).toMatch(/^Heat: 1 degrees a second at full-scale power, 10 s to cool/m);
    expect((await amp(['nodes', 'keys'])).output).toMatch(/^Differentiable: no: Its outputs follow from events\.$/m);
  });

  test('tells the choices of an option', async () => {
    expect((await amp(['nodes', 'biquad'])).output).toMatch(/mode +lowpass, highpass, .*; else lowpass/);
  });

  test('prints one declaration with --json', async () => {
    const [first] = nodeTypes;
    expect(JSON.parse((await amp(['nodes', first?.name ?? '', '--json'])).output)).toEqual(first);
  });

  test('says which type was probably meant', async () => {
    expect(await amp(['nodes', 'swf'])).toEqual({
      exitCode: 2,
      output: '',
      errors: 'amp-live nodes: there is no node type "swf"; did you mean "svf"?\n',
    });
  });

  test('lists the types when none is near', async () => {
    const { errors } = await amp(['nodes', 'zzzzzzzz']);
    for (const { name } of nodeTypes) {
      expect(errors).toContain(name);
    }
  });
});
