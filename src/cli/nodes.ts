// amp-live nodes: the node types that a patch may use.

import type { NodeType } from '../patch/node-types.js';
import {
  absentInWords,
  differentiableInWords,
  exampleOf,
  heatInWords,
  latencyInWords,
  optionDefault,
  optionRange,
  parameterRange,
  tailInWords,
} from '../patch/type-words.js';
import { defineCommand, sharedOptions } from './command.js';
import { exitCodes } from './exit-code.js';
import { print, printError } from './print.js';

export const nodesCommand = defineCommand({
  name: 'nodes',
  summary: 'list the node types, or describe one',
  usage: '[TYPE] [OPTIONS]',
  details: [],
  options: { json: sharedOptions.json },
  positionals: { least: 0, most: 1, name: 'TYPE' },
  run: async ({ json }, [typeName]) => {
    const { findNodeType, nodeTypes } = await import('../patch/node-types.js');
    if (typeName === undefined) {
      print(json ? JSON.stringify(nodeTypes, null, 2) : formatList(nodeTypes));
      return exitCodes.done;
    }
    const type = findNodeType(typeName);
    if (type === undefined) {
      const { didYouMean, listWords } = await import('../patch/suggestion.js');
      const names = nodeTypes.map(({ name }) => name);
      const near = didYouMean(typeName, names);
      printError(
        `amp-live nodes: there is no node type "${typeName}"${near === '' ? `; there are ${listWords(names)}` : near}`,
      );
      return exitCodes.usage;
    }
    print(json ? JSON.stringify(type, null, 2) : formatType(type));
    return exitCodes.done;
  },
});

type Row = readonly string[];

function formatList(types: readonly NodeType[]): string {
  return rows(types.map(({ name, purpose }) => [name, purpose])).join('\n');
}

function formatType(type: NodeType): string {
  const { inputs, outputs, parameters, options } = type;
  return [
    `${type.name}: ${type.purpose}`,
    ...section(
      'Inputs',
      inputs.map((tap) => [tap.name, tap.group, `absent: ${absentInWords(tap)}`, tap.purpose]),
    ),
    ...section(
      'Outputs',
      outputs.map(({ name, group, purpose }) => [name, group, purpose]),
    ),
    ...section(
      'Parameters',
      parameters.map((parameter) => [
        parameter.name,
        `${parameterRange(parameter)}, else ${parameter.default}`,
        parameter.curve,
        parameter.purpose,
      ]),
    ),
    ...section(
      'Options',
      options.map((option) => [option.name, `${optionRange(option)}; else ${optionDefault(option)}`, option.purpose]),
    ),
    '',
    `Latency: ${latencyInWords(type)}; tail: ${tailInWords(type)}`,
    `Heat: ${heatInWords(type)}`,
    `Differentiable: ${differentiableInWords(type)}`,
    `Source: ${type.source}`,
    `Example: ${exampleOf(type)}`,
  ].join('\n');
}

function section(title: string, content: readonly Row[]): readonly string[] {
  return content.length === 0 ? [] : ['', `${title}:`, ...rows(content).map((line) => `  ${line}`)];
}

function rows(content: readonly Row[]): readonly string[] {
  const widths = (content[0] ?? []).map((_, column) => Math.max(...content.map((row) => (row[column] ?? '').length)));
  return content.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
