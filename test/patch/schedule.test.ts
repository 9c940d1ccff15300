// Schedules as they are written: in a patch, and in a file that takes the place of the patch's own.

import { describe, expect, test } from 'vitest';
import { formatDiagnostic } from '../../src/patch/diagnostic.js';
import type { PatchSchedule } from '../../src/patch/patch.js';
import { readPatch } from '../../src/patch/read.js';
import type { ScheduleReplacement } from '../../src/patch/read-schedule.js';
import { messagesOf, patchOf, patchText } from './reading.js';

const nodes = { a: { type: 'sine' }, b: { type: 'sine' } };
const stages = (ids: readonly string[]) => [
  { cohorts: [{ type: 'sine', nodes: ids }] },
  { cohorts: [{ type: 'output', nodes: ['out'] }] },
];

describe('a planned schedule', () => {
  const scheduleOf = (schedule: unknown): PatchSchedule => patchOf(patchText(nodes, { schedule })).schedule;

  test('may say by how many blocks stages may lag', () => {
    expect(scheduleOf({ plan: 'ipls', partial_latency: 2 })).toEqual({ type: 'ipls', partialLatency: 2 });
  });

  test('lets no stage lag unless it says so', () => {
    expect(scheduleOf({ plan: 'ipls' })).toEqual({ type: 'ipls', partialLatency: 0 });
  });

  test.each<[string, unknown, readonly string[]]>([
    ['of another planner', { plan: 'best' }, ['"plan" of "schedule": found "best"; "ipls" fits']],
    ['that does not say so', { partial_latency: 1 }, ['"plan" of "schedule" is missing; "ipls" fits']],
    [
      'that lags too long',
      { plan: 'ipls', partial_latency: 65 },
      ['"partial_latency" of "schedule": found 65; a whole number from 0 to 7 fits'],
    ],
    [
      'that knows its stages already',
      { plan: 'ipls', stages: stages(['a', 'b']) },
      ['"schedule": a schedule knows no "plan"; it knows stages'],
    ],
  ])('%s is refused', (_what, schedule, messages) => {
    expect(messagesOf(patchText(nodes, { schedule }))).toEqual(messages);
  });
});

describe('a node that the planner adds', () => {
  test('stands in a schedule by its name', () => {
    const text = patchText(nodes, {
      schedule: { stages: [...stages(['a', 'b']), { cohorts: [{ type: 'mix', nodes: ['a.out.voices'] }] }] },
    });
    expect(patchOf(text).schedule).toMatchObject({
      stages: [{}, {}, { cohorts: [{ nodes: [{ name: 'a.out.voices' }] }] }],
    });
  });

  test('is a mix', () => {
    const schedule = { stages: stages(['a', 'b', 'a.out.voices']) };
    expect(messagesOf(patchText(nodes, { schedule }))).toEqual([
      '"nodes" of cohort 1 of stage 1: "a.out.voices" is of type mix; nodes of type sine fit',
    ]);
  });
});

describe('what takes the place of a schedule', () => {
  const broken = patchText(nodes, { schedule: { stages: [] } });
  const replaced = (replacement: ScheduleReplacement, text = broken) => {
    const reading = readPatch(text, 'p.jsonc', replacement);
    return reading.ok ? reading.patch.schedule : reading.diagnostics.map(formatDiagnostic);
  };
  const byText = (text: string, patch?: string) => replaced({ type: 'text', file: 's.json', text }, patch);

  test('is used, and nobody looks at what the patch says', () => {
    expect(replaced({ type: 'kpn' })).toEqual({ type: 'kpn' });
    expect(replaced({ type: 'ipls', partialLatency: 3 })).toEqual({ type: 'ipls', partialLatency: 3 });
  });

  test('may be a text with stages, comments and trailing commas', () => {
    const text = `// by hand\n${JSON.stringify({ stages: stages(['b', 'a']) }).replace(/\}$/, ',}')}`;
    expect(byText(text)).toMatchObject({
      type: 'stages',
      source: { file: 's.json' },
      stages: [{ cohorts: [{ nodes: [1, 0] }] }, { cohorts: [{ nodes: [2] }] }],
    });
  });

  test('may be a text with any other word that a patch may say', () => {
    expect(byText('{ "plan": "ipls", "partial_latency": 1 }')).toEqual({ type: 'ipls', partialLatency: 1 });
    expect(byText('"kpn"')).toEqual({ type: 'kpn' });
  });

  test.each<[string, string, readonly string[]]>([
    ['is empty', '', ['s.json:1:1: the file is empty; a schedule begins with {']],
    ['is no JSON', '{ "stages": ', ['s.json:1:13: the text ends where a value has to stand']],
    ['is something else', '[1]', ['s.json:1:1: the schedule: found an array; "kpn", "ipls" or { "stages": […] } fits']],
    ['goes on behind its end', '{} {}', ['s.json:1:4: found "{" behind the end of the schedule']],
    ['has no stages', '{}', ['s.json:1:1: "stages" of the schedule is missing; an array of stages fits']],
    [
      'names a node that is not there',
      `{ "stages": [\n  { "cohorts": [ { "type": "sine", "nodes": ["a", "bb"] },\n    { "type": "output", "nodes": ["out"] } ] } ] }`,
      [
        's.json:1:13: "stages": b stands in no stage; every node has to stand in one',
        's.json:2:51: "nodes" of cohort 1 of stage 1: there is no node "bb"; did you mean "b"?',
      ],
    ],
    [
      'names a node twice',
      `{ "stages": [\n  { "cohorts": [ { "type": "sine", "nodes": ["a", "b"] },\n    { "type": "output", "nodes": ["out", "a"] } ] } ] }`,
      [
        's.json:3:42: "nodes" of cohort 2 of stage 1: "a" already stands in a cohort, in line 2; a node stands in one',
        's.json:3:42: "nodes" of cohort 2 of stage 1: "a" is of type sine; nodes of type output fit',
      ],
    ],
  ])('is refused by its own name, line and column where it %s', (_what, text, mistakes) => {
    expect(byText(text)).toEqual(mistakes);
  });

  test('is refused together with the patch', () => {
    const patch = patchText({ a: { type: 'sine', freq: 'low' } });
    expect(byText('{ "stages": 1 }', patch)).toEqual([
      expect.stringMatching(/^p\.jsonc:1:\d+: "freq" of a/),
      's.json:1:13: "stages": found 1; an array [ … ] fits',
    ]);
  });
});
