// Reads what a patch asks of the taps of a node.
import type { Node } from 'jsonc-parser';
import type { NodeTypeSchema } from './node-schema.js';
import { inputContractSchema, outputContractSchema } from './node-schema.js';
import type { NodeType } from './node-types.js';
import { readableOutputs } from './node-types.js';
import type { TapContract } from './patch.js';
import type { Report } from './report.js';
import { isObject, keyOf, ObjectReader } from './tree.js';

/** Reads the contracts, by name of tap. */
export function readTaps(
  report: Report,
  type: NodeType,
  schema: NodeTypeSchema['taps'],
  node: Node,
  subject: string,
): ReadonlyMap<string, TapContract> {
  const contracts = new Map<string, TapContract>();
  const example = '{ "max_frames": "1 s" }';
  if (!isObject(report, node, subject, `{ "${readableOutputs(type)[0]?.name ?? 'in'}": ${example} }`)) {
    return contracts;
  }
  const taps = new ObjectReader(report, schema, node, subject, type.name);
  const contractOf = (tap: string) => {
    const contract = taps.value(tap);
    return contract !== undefined && isObject(report, contract, keyOf(subject, tap), example) ? contract : undefined;
  };
  for (const { name } of type.inputs) {
    const contract = contractOf(name);
    if (contract !== undefined) {
      contracts.set(name, readInputContract(report, contract, keyOf(subject, name)));
    }
  }
  for (const { name } of readableOutputs(type)) {
    const contract = contractOf(name);
    if (contract !== undefined) {
      contracts.set(name, readOutputContract(report, contract, keyOf(subject, name)));
    }
  }
  return contracts;
}

function readInputContract(report: Report, node: Node, subject: string): TapContract {
  const contract = new ObjectReader(report, inputContractSchema, node, subject, 'an input');
  return {
    span: node,
    maxFrames: contract.optional('max_frames'),
    overflow: contract.optional('overflow'),
    absent: contract.optional('absent'),
    asks: contract.optional('asks'),
  };
}

function readOutputContract(report: Report, node: Node, subject: string): TapContract {
  const contract = new ObjectReader(report, outputContractSchema, node, subject, 'an output');
  return { span: node, maxFrames: contract.optional('max_frames'), overflow: contract.optional('overflow') };
}
