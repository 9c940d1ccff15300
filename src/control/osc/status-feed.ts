// What the subscribers of the OSC server are told: the messages of a report, in as few packets as fit.

import type { SentArgument, SentMessage } from './encode.js';
import { encodeBundle, encodeMessage } from './encode.js';
import { immediately } from './time-tag.js';

/** `device` goes out as /amp/status/device. Numbers are sent as float32, bigints as int64. */
export type StatusReport = Readonly<Record<string, readonly (number | bigint | string)[]>>;

/** A bundle of more would be cut on its way through an Ethernet. */
const largestPacket = 1400;

const bundleHead = 16;
const elementHead = 4;

/** The packets that tell a report. */
export function encodeStatus(report: StatusReport): readonly Uint8Array[] {
  const bundles: SentMessage[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const [name, values] of Object.entries(report)) {
    const message = { address: `/amp/status/${name}`, arguments: values.map(sentArgument) };
    const added = elementHead + encodeMessage(message).length;
    if (size + added > largestPacket) {
      bundles.push([]);
      size = bundleHead;
    }
    bundles.at(-1)?.push(message);
    size += added;
  }
  return bundles.map((messages) => encodeBundle(immediately, messages));
}

function sentArgument(value: number | bigint | string): SentArgument {
  switch (typeof value) {
    case 'string':
      return { type: 's', value };
    case 'bigint':
      return { type: 'h', value };
    default:
      return { type: 'f', value };
  }
}
