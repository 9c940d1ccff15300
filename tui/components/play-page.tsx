// The page to play by: everything at a glance, the most important lines kept when there is little room.

import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { RowWish } from '../allot-rows.js';
import { allotRows } from '../allot-rows.js';
import type { PanelProps, ScreenModel } from '../screen-model.js';
import { DeviceLine, deviceLineCount } from './device-line.js';
import { EdgesAndNodes } from './edges-and-nodes.js';
import { GateLines } from './gate-lines.js';
import { Header } from './header.js';
import { JournalLine } from './journal-line.js';
import { LatencyLine } from './latency-line.js';
import { LevelMeters } from './level-meters.js';
import { LoadLine } from './load-line.js';
import { MidiLine } from './midi-line.js';
import { NoticeLines } from './notice-lines.js';
import { OscLine } from './osc-line.js';
import { PatchLines, patchLineCount } from './patch-lines.js';
import { PlayerLine } from './player-line.js';
import { RecordingLine } from './recording-line.js';
import { TemperatureLine } from './temperature-line.js';
import { XrunLines } from './xrun-lines.js';

const panels = {
  header: Header,
  patch: PatchLines,
  levels: LevelMeters,
  device: DeviceLine,
  latency: LatencyLine,
  load: LoadLine,
  xruns: XrunLines,
  heat: TemperatureLine,
  midi: MidiLine,
  osc: OscLine,
  gates: GateLines,
  player: PlayerLine,
  recording: RecordingLine,
  journal: JournalLine,
  notices: NoticeLines,
  lists: EdgesAndNodes,
} as const satisfies Record<string, (props: PanelProps) => ReactNode>;

type PanelName = keyof typeof panels;

/** From top to bottom. */
const order = Object.keys(panels) as readonly PanelName[];

export function PlayPage({ model, columns, rows }: PanelProps): ReactNode {
  const allotted = allotRows(wishesOf(model), rows);
  return (
    <Box flexDirection="column" height={rows}>
      {order
        .filter((name) => allotted[name] > 0)
        .map((name) => {
          const Panel = panels[name];
          return <Panel key={name} model={model} columns={columns} rows={allotted[name]} />;
        })}
    </Box>
  );
}

/** The most important first. */
function wishesOf({ steady }: ScreenModel): readonly RowWish<PanelName>[] {
  const channels = steady.levels.length;
  const one = (name: PanelName, isThere: boolean): RowWish<PanelName> => ({
    name,
    least: Number(isThere),
    most: Number(isThere),
  });
  const many = (name: PanelName, least: number, most: number): RowWish<PanelName> => ({ name, least, most });
  const device = deviceLineCount(steady.device);
  const notices = steady.notices.length;
  const patch = patchLineCount(steady);
  const gates = steady.gates.length;
  return [
    one('header', true),
    ...(steady.refusal === undefined ? [] : [many('patch', patch.least, patch.most)]),
    many('levels', Math.min(channels, 2), Math.min(channels, 8)),
    many('device', device, device),
    many('xruns', 1, 1 + Math.min(steady.xruns.recent.length, 4)),
    one('load', true),
    one('latency', true),
    many('notices', Math.min(notices, 1), Math.min(notices, 5)),
    one('recording', steady.recording !== undefined),
    one('journal', steady.journal !== undefined),
    one('midi', true),
    many('gates', Math.min(gates, 1), Math.min(gates, 6)),
    one('osc', true),
    one('player', steady.player !== undefined),
    one('heat', true),
    ...(steady.refusal === undefined ? [many('patch', patch.least, patch.most)] : []),
    many('lists', 4, Number.POSITIVE_INFINITY),
  ];
}
