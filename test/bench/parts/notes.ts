// Short notes (w6): what a note costs above the same voices sounding all the time.

import { join } from 'node:path';
import type { Agreement } from '../agreement.js';
import { compare } from '../agreement.js';
import { attempt } from '../attempt.js';
import { writePlan } from '../inputs.js';
import { listen } from '../listening.js';
import type { Figure } from '../measure/statistics.js';
import { figureOf } from '../measure/statistics.js';
import { writeNoteLines, writeNoteMidi } from '../notes.js';
import { noteEvery, sampleRate } from '../numbers.js';
import { patchFolder } from '../patch-files.js';
import type { Render } from '../programs.js';
import type { Contestant, Setting } from '../setting.js';
import { engine, render } from '../setting.js';
import { lengthFor, roughCost, slopeRun, toldSeconds } from '../slope.js';
import type { NotePieceId } from '../workloads.js';

/** A program with the short notes, and with the held ones. */
interface Player {
  readonly name: string;
  readonly short: Contestant;
  readonly held: Contestant;
}

export interface NoteFigures {
  readonly name: string;
  /** Why it was not measured. */
  readonly reason: string | undefined;
  /** With the engine; nothing for the engine itself. */
  readonly agreement: Agreement | undefined;
  /** Microseconds of user CPU for a note: all of it, and what it is above voices that sound all the time. */
  readonly all: Figure | undefined;
  readonly above: Figure | undefined;
}

/** Measures all programs in turn, run after run. */
export function measureNotes(setting: Setting): readonly NoteFigures[] {
  const players = [...ourPlayers(setting), ...peerPlayers(setting)];
  setting.announce('w6: compares the sound');
  const [reference] = players;
  const sound = reference === undefined ? [] : listen(setting, 'w6', reference.short);
  const agreements = players.map((player) => {
    const heard = attempt(() => compare('w6', sound, listen(setting, 'w6', player.short)));
    const agreement = heard.ok ? heard.value : { holds: false, finding: heard.reason };
    return player === reference ? undefined : agreement;
  });
  const agreeing = players.filter((_, index) => agreements[index]?.holds !== false);
  // A difference of two slopes, so each of them is long.
  const frames = agreeing.map(({ short }) => lengthFor(roughCost(setting, short), { wanted: 1 }));
  const runs = Array.from({ length: setting.runs }, (_, run) => {
    setting.announce(`w6: run ${run + 1} of ${setting.runs}`);
    return new Map(
      agreeing.map((player, index) => [player.name, attempt(() => microseconds(setting, player, frames[index] ?? 0))]),
    );
  });
  const measured = players.map(({ name }, index): NoteFigures => {
    const own = runs.flatMap((run) => run.get(name) ?? []);
    const broken = own.find((each) => !each.ok);
    const values = broken === undefined ? own.flatMap((each) => (each.ok ? each.value : [])) : [];
    const figures =
      values.length === 0
        ? { all: undefined, above: undefined }
        : { all: figureOf(values.map(({ all }) => all)), above: figureOf(values.map(({ above }) => above)) };
    return { name, reason: broken?.reason, agreement: agreements[index], ...figures };
  });
  return [...measured, ...leftOut(setting)];
}

function microseconds(setting: Setting, { short, held }: Player, frames: number) {
  const notes = (toldSeconds * sampleRate) / noteEvery;
  const all = (slopeRun(setting, short, frames).user / notes) * 1e6;
  return { all, above: all - (slopeRun(setting, held, frames).user / notes) * 1e6 };
}

function ourPlayers(setting: Setting): readonly Player[] {
  const { root, folder } = setting;
  const patch = join(root, patchFolder, 'w6.jsonc');
  const plan = writePlan(patch, 'w6', folder);
  const player = (name: string, make: (piece: NotePieceId) => Render): Player => ({
    name,
    short: { name, render: make('w6') },
    held: { name: `${name}, held`, render: make('w6-held') },
  });
  return [
    player('engine', (piece) => engine(setting, plan, (frames) => writeNoteLines(piece, frames, folder))),
    player('render', (piece) => render(setting, patch, (frames) => writeNoteMidi(piece, frames, folder))),
  ];
}

function peerPlayers({ peers }: Setting): readonly Player[] {
  return peers.flatMap(({ peer, folder }): readonly Player[] => {
    const [short, held] = [peer.render('w6', folder), peer.render('w6-held', folder)];
    return typeof short === 'string' || typeof held === 'string'
      ? []
      : [
          {
            name: peer.name,
            short: { name: peer.name, render: short },
            held: { name: `${peer.name}, held`, render: held },
          },
        ];
  });
}

function leftOut({ peers }: Setting): readonly NoteFigures[] {
  return peers.flatMap(({ peer, folder }) => {
    const reason = peer.render('w6', folder);
    return typeof reason === 'string'
      ? { name: peer.name, reason, agreement: undefined, all: undefined, above: undefined }
      : [];
  });
}
