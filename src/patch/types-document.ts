// docs/nodes.md: what every node type declares.

import type { NodeType } from './node-types.js';
import { nodeTypes } from './node-types.js';
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
} from './type-words.js';

const opening = `# Node types

What each type declares; \`amp-live nodes TYPE\` tells the same. This page is made from the code by \`npm run generate\`.

- **Group**: taps that belong together ([kpn_tap_contract.md](kpn_tap_contract.md#groups)). **Absent**: what an input reads where nothing is connected or
  a gate is shut.
- **Curve**: how a control's travel maps to the range. Beyond its range a parameter stays at the end of it.
- **Latency**: frames by which what leaves a node is later than what entered it; the planner aligns other paths with it. **Tail**: how long it sounds on,
  with its parameters at their defaults, once silence enters it.
- **Heat**: what the energy that enters does to the node's temperature, unless the patch says otherwise.
- **Differentiable**: whether gradients go through it.

How a type is written: [node_contract.md](node_contract.md).
`;

/** Markdown. */
export function typesDocument(): string {
  const links = nodeTypes.map(({ name, purpose }) => [`[${name}](#${name})`, purpose]);
  return `${[opening, table(['type', 'purpose'], links), ...nodeTypes.map(typeSection)].join('\n')}`;
}

function typeSection(type: NodeType): string {
  const { name, purpose, source, inputs, outputs, parameters, options } = type;
  return [
    `## ${name}`,
    '',
    purpose,
    '',
    ...part(
      ['input', 'group', 'absent', 'purpose'],
      inputs.map((tap) => [`\`${tap.name}\``, tap.group, absentInWords(tap), tap.purpose]),
    ),
    ...part(
      ['output', 'group', 'purpose'],
      outputs.map((tap) => [`\`${tap.name}\``, tap.group, tap.purpose]),
    ),
    ...part(
      ['parameter', 'range', 'default', 'curve', 'purpose'],
      parameters.map((parameter) => [
        `\`${parameter.name}\``,
        parameterRange(parameter),
        `${parameter.default}`,
        parameter.curve,
        parameter.purpose,
      ]),
    ),
    ...part(
      ['option', 'range', 'default', 'purpose'],
      options.map((option) => [`\`${option.name}\``, optionRange(option), optionDefault(option), option.purpose]),
    ),
    `- Latency: ${latencyInWords(type)}. Tail: ${tailInWords(type)}.`,
    `- Heat: ${heatInWords(type)}.`,
    `- Differentiable: ${differentiableInWords(type)}${type.differentiable === true ? '.' : ''}`,
    `- Source: ${source}`,
    `- Example: [${exampleOf({ name })}](../${exampleOf({ name })})`,
    '',
  ].join('\n');
}

type Row = readonly string[];

function part(header: Row, rows: readonly Row[]): readonly string[] {
  return rows.length === 0 ? [] : [table(header, rows)];
}

function table(header: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}
