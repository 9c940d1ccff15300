// The tables of docs/kpn_tap_contract.md: terms, rules, and the taps of all types. A test keeps the page equal to them.

import { inputContractSchema, outputContractSchema } from '../patch/node-schema.js';
import { nodeTypes } from '../patch/node-types.js';
import { contractRules } from './contract-rules.js';

/** Markdown: what a patch may write, the rules, and the tap groups of each node type. */
export function contractTables(): string {
  return [
    '## What a patch may write',
    '',
    table(['term', 'at', 'meaning'], termRows()),
    '## Rules',
    '',
    table(
      ['rule', 'what must hold', 'refused by'],
      Object.entries(contractRules).map(([name, { holds, refusedBy }]) => [`\`${name}\``, holds, refusedBy]),
    ),
    '## The taps of each node type',
    '',
    table(['type', 'group', 'inputs', 'outputs'], groupRows()),
  ].join('\n');
}

function termRows(): readonly (readonly string[])[] {
  const ofOutputs = Object.keys(outputContractSchema.shape);
  return Object.entries(inputContractSchema.shape).map(([term, schema]) => [
    `\`${term}\``,
    ofOutputs.includes(term) ? 'inputs and outputs' : 'inputs',
    schema.unwrap().description ?? '',
  ]);
}

/** One row for each group of each type. */
function groupRows(): readonly (readonly string[])[] {
  return nodeTypes.flatMap(({ name, inputs, outputs }) => {
    const groups = [...new Set([...inputs, ...outputs].map(({ group }) => group))].sort();
    return groups.map((group) => [
      name,
      group,
      inputs
        .filter((tap) => tap.group === group)
        .map((tap) => `\`${tap.name}\` (${tap.absent}${tap.default === 0 ? '' : `, ${tap.default}`})`)
        .join(', '),
      outputs
        .filter((tap) => tap.group === group)
        .map((tap) => `\`${tap.name}\``)
        .join(', '),
    ]);
  });
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return `${[line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}
