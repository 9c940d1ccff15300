// Reads how fast a value may move: "ideal", or limits.
import type { Node } from 'jsonc-parser';
import { describeFound } from './describe.js';
import { slewLimitsSchema } from './node-schema.js';
import type { Slew } from './patch.js';
import type { Report } from './report.js';
import { ObjectReader, plainValue } from './tree.js';

export function readSlew(report: Report, node: Node, subject: string): Slew | undefined {
  if (node.type === 'object') {
    const limits = new ObjectReader(report, slewLimitsSchema, node, subject, 'a slew');
    const rate = limits.optional('rate');
    const acceleration = limits.optional('acceleration');
    const area = limits.optional('area');
    return { type: 'limited', rate, acceleration, area };
  }
  const found = plainValue(node);
  if (found === 'ideal') {
    return { type: 'ideal' };
  }
  report.add(node, `${subject}: found ${describeFound(found)}; "ideal" or limits such as { "rate": 20000 } fit`);
  return undefined;
}
