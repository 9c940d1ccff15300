// The tables of docs/plan_format.md, from the tables that encoder and decoder follow. A test keeps the page equal to them.

import { planUnits } from '../plan.js';
import type { RecordLayout } from './codec.js';
import { endTag, parts, sections } from './layout.js';

/** Markdown: the units of values, then each section with the fields of its records. */
export function formatTables(): string {
  const units = [
    '## Units',
    '',
    table(
      ['code', 'unit'],
      planUnits.map((unit, code) => [`${code}`, unit]),
    ),
  ];
  const documented = parts.map((part) => {
    const { tag, purpose, codec } = sections[part];
    return [`## ${tag}: ${purpose}`, '', `Content: ${codec.notation}.`, '', ...codec.records.flatMap(formatRecord)];
  });
  return [...units, ...documented.flat(), `## ${endTag}: the end`, '', 'No content.', ''].join('\n');
}

function formatRecord({ name, fields, records }: RecordLayout): readonly string[] {
  const rows = fields.map((field) => [`\`${field.name}\``, field.notation, field.meaning]);
  return [`### ${name}`, '', table(['field', 'type', 'meaning'], rows), ...records.flatMap(formatRecord)];
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return `${[line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}
