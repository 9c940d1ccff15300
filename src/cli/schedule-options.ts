// Options that say a schedule in place of the patch's own.

import { mostPartialLatency } from '../patch/limits.js';
import { didYouMean } from '../patch/suggestion.js';
import type { ScheduleChoice } from '../session/schedule-choice.js';
import type { Option } from './options.js';

export const scheduleOptions = {
  schedule: {
    type: 'text',
    value: 'kpn|ipls',
    help: 'the order of work, whatever the patch says: of readiness, or of a planned schedule; changes no bit of the sound',
  },
  'partial-latency': {
    type: 'number',
    value: 'N',
    minimum: 0,
    maximum: mostPartialLatency,
    isWhole: true,
    help: `with --schedule ipls: blocks by which a stage may lag at most, 0 to ${mostPartialLatency} (default 0)`,
  },
  ipls: { type: 'text', value: 'FILE', help: "a schedule in place of the patch's own; `plan --ipls` writes one" },
} as const satisfies Record<string, Option>;

interface ScheduleWords {
  readonly schedule: string | undefined;
  readonly 'partial-latency': number | undefined;
  readonly ipls: string | undefined;
}

export type ScheduleChoosing =
  /** `choice`: nothing where the patch is to say it. */
  { readonly ok: true; readonly choice: ScheduleChoice | undefined } | { readonly ok: false; readonly mistake: string };

const words: readonly string[] = ['kpn', 'ipls'];

/** What the options say, unless they make no sense together. */
export function readScheduleOptions(options: ScheduleWords): ScheduleChoosing {
  const { schedule, ipls: path, 'partial-latency': partialLatency } = options;
  if (schedule !== undefined && !words.includes(schedule)) {
    const near = didYouMean(schedule, words);
    return mistaken(`--schedule: found "${schedule}"${near === '' ? '; kpn or ipls fits' : near}`);
  }
  if (schedule !== undefined && path !== undefined) {
    return mistaken(`--schedule ${schedule} and --ipls ${path} both say the schedule; one of them fits`);
  }
  if (partialLatency !== undefined && schedule !== 'ipls') {
    return mistaken('--partial-latency is for the schedule of the planner: --schedule ipls --partial-latency N');
  }
  if (path !== undefined) {
    return { ok: true, choice: { type: 'file', path } };
  }
  switch (schedule) {
    case 'kpn':
      return { ok: true, choice: { type: 'kpn' } };
    case 'ipls':
      return { ok: true, choice: { type: 'ipls', partialLatency: partialLatency ?? 0 } };
    default:
      return { ok: true, choice: undefined };
  }
}

/** The first of them that is given. */
export function scheduleOptionIn(options: ScheduleWords): string | undefined {
  const given = Object.keys(scheduleOptions).find((name) => options[name as keyof ScheduleWords] !== undefined);
  return given === undefined ? undefined : `--${given}`;
}

function mistaken(mistake: string): ScheduleChoosing {
  return { ok: false, mistake };
}
