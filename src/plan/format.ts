// A described plan as tables for a terminal: what `amp-live plan` prints.

import type { DescribedShape, PlanDescription } from './describe.js';
import { cohortHeader, cohortRows, formatTotals } from './format-schedule.js';
import type { Extent, Frames } from './plan.js';
import { largestBlock } from './plan.js';

/** Lines of text, as wide as their content needs, with a line feed at the end. */
export function formatPlan(description: PlanDescription): string {
  const { nodes, taps, edges, contracts, components, voices, gates, schedule, scheduleTotals } = description;
  const nodeOf = new Map(nodes.map((node) => [node.id, node]));
  return [
    formatHeading(description),
    table(
      'Nodes, in the order in which they fire',
      ['node', 'type', 'shape', 'component', 'quantum', 'voices', 'latency', 'tail'],
      components.flatMap((component, place) =>
        component.nodes.map((id) => {
          const node = nodeOf.get(id);
          const quantum = component.isLoop ? `${component.quantum} (loop)` : '';
          const shape = node === undefined ? '' : formatShape(node.shape);
          const aligned = node === undefined || node.alignedLatency === 0 ? '' : `${node.alignedLatency}`;
          return [
            id,
            node?.type ?? '',
            shape,
            `${place}`,
            quantum,
            node?.voices ?? '',
            aligned,
            formatExtent(node?.tail ?? 0),
          ];
        }),
      ),
    ),
    table(
      'Inputs',
      ['tap', 'group', 'shape', 'default', 'absent', 'asks', 'max_frames', 'overflow'],
      taps.inputs.map(({ node, name, group, shape, contract }) => [
        `${node}.${name}`,
        group,
        formatShape(shape),
        `${contract.default}`,
        contract.absent,
        `${contract.asks}`,
        `${contract.maxFrames}`,
        contract.overflow,
      ]),
    ),
    table(
      'Outputs',
      ['tap', 'group', 'shape', 'release', 'history', 'max_frames', 'because'],
      taps.outputs.map(({ node, name, group, shape, contract }, index) => [
        `${node}.${name}`,
        group,
        formatShape(shape),
        contract.release,
        `${contract.history}`,
        `${contract.maxFrames}`,
        contracts.wheels[index]?.why ?? '',
      ]),
    ),
    table(
      'Readers: what each asked, and what it was granted',
      ['reader', 'of', 'delay', 'asks', 'asked max', 'granted max', 'overflow', 'because'],
      contracts.readers.map(({ from, to, asked, granted, why }) => [
        to,
        from,
        `${asked.delay}`,
        `${asked.asks}`,
        asked.maxFrames === null ? '' : `${asked.maxFrames}`,
        `${granted.maxFrames}`,
        granted.overflow,
        why,
      ]),
    ),
    table(
      'Edges',
      ['edge', 'from', 'to', 'feeds', 'delay', 'alignment', 'gain', 'acts', 'gate'],
      edges.map((edge) => [
        edge.id ?? '',
        edge.from,
        edge.to,
        edge.feeds,
        formatTime(edge.delay, description),
        edge.alignment === 0 ? '' : formatTime(edge.alignment, description),
        edge.gain,
        edge.feeds === 'parameter' ? `${edge.mode} ${edge.in}` : '',
        edge.gate ?? '',
      ]),
    ),
    table(
      'Voices',
      ['keys', 'voices', 'channel', 'ring', 'members', 'exits'],
      voices.map(({ keys, lanes, channel, ring, members, exits }) => [
        keys,
        `${lanes}`,
        channel === 0 ? 'any' : `${channel}`,
        ring === 'endless' ? ring : formatTime(ring, description),
        members.join(' '),
        exits.join(', '),
      ]),
    ),
    table(
      'Gates',
      ['gate', 'at start', 'while closed', 'release', 'quantize', 'edges', 'signals'],
      gates.map(({ id, isOpen, whileClosed, release, quantize, edges: members, signals }) => [
        id,
        isOpen ? 'open' : 'closed',
        whileClosed,
        release,
        quantize,
        members.join(', '),
        signals.join(', '),
      ]),
    ),
    table('Schedule', cohortHeader, cohortRows(schedule ?? [])),
    scheduleTotals === null ? '' : `${formatTotals(scheduleTotals)}\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function formatHeading(description: PlanDescription): string {
  const { name, sampleRate, tempo, meter, components, latency, arenaBytes } = description;
  const smallest = components.reduce((least, { quantum }) => Math.min(least, quantum), largestBlock);
  const facts = [
    `${sampleRate} Hz`,
    `tempo ${tempo}`,
    `meter ${meter}`,
    `output latency ${latency.outputFrames} frames (${latency.outputMilliseconds} ms)`,
    ...(latency.limiterFrames === null ? [] : [`limiter ${latency.limiterFrames} frames more`]),
    `smallest quantum ${smallest}`,
    ...(arenaBytes === null ? [] : [`arena ${arenaBytes} bytes`]),
  ];
  return `${name === '' ? 'A patch without a name' : name}\n${facts.join(', ')}\n`;
}

/** Columns are as wide as their widest cell; a table without rows is nothing. */
function table(title: string, header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) {
    return '';
  }
  const widths = header.map((label, column) =>
    rows.reduce((widest, row) => Math.max(widest, (row[column] ?? '').length), label.length),
  );
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return `${[title, line(header), rule, ...rows.map(line)].join('\n')}\n`;
}

function formatShape([batch, channels]: DescribedShape): string {
  return `(${batch}, ${channels})`;
}

function formatExtent(extent: Extent): string {
  return extent === 0 ? '' : `${extent}`;
}

function formatTime(frames: Frames, { sampleRate }: PlanDescription): string {
  return frames === 0 ? '0' : `${frames} (${((frames * 1000) / sampleRate).toFixed(1)} ms)`;
}
