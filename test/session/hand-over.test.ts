// Patches that change while they play: the file that is saved anew, and another one that somebody asks for.

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderJournalToFile } from '../../src/session/render.js';
import type { HandOverStatus } from '../../src/session/status.js';
import { amplitudeAt } from '../measure/spectrum.js';
import { makeTemporaryFolder } from '../temporary-folder.js';
import type { Performing } from './performing.js';
import { perform, sampleRate } from './performing.js';
import { echoPatch, organPatch } from './rendering.js';
import type { WavContent } from './wav-reader.js';
import { readWav } from './wav-reader.js';

/** One sine in mono. */
const sineOf = (freq: number, gain = 0.25) => `{
  "amp": 1, "name": "${freq}",
  "nodes": {
    "sine": { "type": "sine", "freq": ${freq} },
    "level": { "type": "gain", "gain": ${gain} },
    "out": { "type": "output", "channels": 1 } },
  "edges": [ { "from": "sine", "to": "level" }, { "from": "level", "to": "out" } ] }`;

const crossfade = 0.03 * sampleRate;
const s = (value: string) => ({ type: 's', value }) as const;
const f = (value: number) => ({ type: 'f', value }) as const;
const i = (value: number) => ({ type: 'i', value }) as const;

/** Saves the patch anew, and waits until it plays. */
async function save(performing: Performing, text: string): Promise<HandOverStatus> {
  const before = performing.performance.status().handOvers;
  writeFileSync(performing.patchPath, text);
  return handOverAfter(performing, before);
}

async function handOverAfter({ until }: Performing, before: number): Promise<HandOverStatus> {
  const { handOver } = await until('a hand-over', ({ handOvers }) => handOvers > before);
  if (handOver === undefined) {
    throw new Error('the status counts a hand-over that it does not tell');
  }
  return handOver;
}

/** The amplitude of a tone in a quarter of a second of a recording. */
function toneFrom({ samples }: WavContent, frame: number, frequency: number): number {
  return amplitudeAt(samples.subarray(frame, frame + sampleRate / 4), frequency, sampleRate);
}

function largestStep(samples: Float32Array): number {
  return samples.reduce((largest, each, at) => Math.max(largest, Math.abs(each - (samples[at - 1] ?? each))), 0);
}

const lagging = (blocks: number) =>
  JSON.stringify({
    amp: 1,
    name: `lags ${blocks}`,
    schedule: { plan: 'ipls', partial_latency: blocks },
    nodes: { sine: { type: 'sine' }, low: { type: 'one_pole' }, out: { type: 'output', channels: 1 } },
    edges: [
      { from: 'sine', to: 'low' },
      { from: 'low', to: 'out', gain: 0.1 },
    ],
  });

describe('a patch whose stages lag', () => {
  test('is heard later by a block each, from the start', async () => {
    const [none, two] = [await perform(lagging(0)), await perform(lagging(2))];
    const [soon, late] = [await none.later(0.2), await two.later(0.2)];
    expect((late.latency.engine - soon.latency.engine) * sampleRate).toBeCloseTo(2 * 64, 6);
  });

  test('that are more than those at the start gets no more, and says so', async () => {
    const performing = await perform(lagging(1));
    const before = await performing.later(0.2);
    await save(performing, lagging(2));
    const after = await performing.later(0.2);
    expect(after.latency.engine).toBeCloseTo(before.latency.engine, 9);
    expect(after.notices.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/asks for 2 blocks of partial latency; until the next start it gets the 1 that/),
    );
  });
});

describe('a patch that is saved while it plays', () => {
  const inPlace = (path: string, text: string) => writeFileSync(path, text);
  const byName = (path: string, text: string) => {
    writeFileSync(`${path}~`, text);
    renameSync(`${path}~`, path);
  };

  test.each([
    ['in its place', inPlace],
    ['as a new file of its name', byName],
  ])('%s sounds from the frame on that the status tells', async (_, write) => {
    const performing = await perform(sineOf(1000));
    await performing.later(0.3);
    write(performing.patchPath, sineOf(1500));
    const { kind, frame } = await handOverAfter(performing, 0);
    await performing.later(0.4);
    expect(performing.performance.status().patch.name).toBe('1500');
    const recording = await performing.end();
    expect(kind).toBe('reload');
    expect(toneFrom(recording, frame - sampleRate / 4, 1000)).toBeCloseTo(0.25, 2);
    expect(toneFrom(recording, frame - sampleRate / 4, 1500)).toBeLessThan(0.001);
    expect(toneFrom(recording, frame + crossfade, 1500)).toBeCloseTo(0.25, 2);
    expect(toneFrom(recording, frame + crossfade, 1000)).toBeLessThan(0.001);
  });

  test('is taken time after time, and only its last text counts', async () => {
    const performing = await perform(sineOf(1000));
    for (const freq of [1100, 1200, 1300]) {
      await save(performing, sineOf(freq));
    }
    writeFileSync(performing.patchPath, sineOf(1400));
    writeFileSync(performing.patchPath, sineOf(1500));
    await performing.until('the last text', ({ patch }) => patch.name === '1500');
    await performing.later(0.4);
    const recording = await performing.end();
    expect(toneFrom(recording, recording.samples.length - sampleRate / 4, 1500)).toBeCloseTo(0.25, 2);
  });

  test('makes no step that is larger than those of both patches together', async () => {
    const performing = await perform(sineOf(1000));
    await performing.later(0.3);
    const { frame } = await save(performing, sineOf(1500, 0.4));
    await performing.later(0.4);
    const { samples } = await performing.end();
    const [before, after] = [samples.subarray(4800, frame), samples.subarray(frame + crossfade)];
    const between = samples.subarray(frame - 1, frame + crossfade + 1);
    expect(largestStep(between)).toBeLessThan(largestStep(before) + largestStep(after));
  });

  test('keeps what controls moved where the text still says the same, and takes what it says anew', async () => {
    const performing = await perform(sineOf(1000));
    await performing.ask('/sine/freq', f(1200));
    await performing.ask('/level/gain', f(0.1));
    // The gain that is written changes, the frequency does not.
    await save(performing, sineOf(1000, 0.5));
    await performing.later(0.4);
    const recording = await performing.end();
    expect(toneFrom(recording, recording.samples.length - sampleRate / 4, 1200)).toBeCloseTo(0.5, 2);
  });

  test('goes on with the notes that are held, and with their ends', async () => {
    const performing = await perform(organPatch);
    await performing.ask('/note', i(1), i(69), f(1));
    const { frame } = await save(performing, organPatch.replace('0.25', '0.5'));
    await performing.later(0.4);
    expect(performing.performance.status().heldNotes).toBe(1);
    const { values } = await performing.ask('/note', i(1), i(69), f(0));
    await performing.later(0.2);
    const recording = await performing.end();
    expect(toneFrom(recording, frame + crossfade, 440)).toBeCloseTo(0.5, 2);
    expect(largestStep(recording.samples.subarray(Number(values[1]) + 100))).toBe(0);
  });

  test('moves by its own controls, and is addressed by its own names', async () => {
    const bound = (target: string) =>
      sineOf(1000).replace(
        '"edges"',
        `"controls": [{ "from": "osc:/x", "to": "${target}", "range": [0, 1] }], "edges"`,
      );
    const performing = await perform(bound('level.gain'));
    await save(performing, bound('amount.gain').replaceAll('"level"', '"amount"'));
    expect(await performing.ask('/level/gain', f(0.5))).toMatchObject({ address: '/amp/error' });
    expect(await performing.ask('/amount/gain', f(0.5))).toMatchObject({ address: '/amp/reply' });
    expect(await performing.ask('/x', f(0.125))).toMatchObject({ address: '/amp/reply' });
    await performing.later(0.4);
    const recording = await performing.end();
    expect(toneFrom(recording, recording.samples.length - sampleRate / 4, 1000)).toBeCloseTo(0.125, 2);
  });

  test('is not watched if it is not to be', async () => {
    const performing = await perform(sineOf(1000), { watches: false });
    writeFileSync(performing.patchPath, sineOf(1500));
    await performing.later(1.5);
    expect(performing.performance.status().handOvers).toBe(0);
  });
});

describe('nonsense that is saved while a patch plays', () => {
  const nonsense = sineOf(1000).replace('"level" }', '"levle" }');

  test('changes nothing, and is told with its line until it is mended', async () => {
    const performing = await perform(sineOf(1000));
    writeFileSync(performing.patchPath, nonsense);
    const { refusal } = await performing.until('the mistake', (status) => status.refusal !== undefined);
    expect(refusal?.reasons).toEqual([
      expect.stringMatching(new RegExp(`^${performing.patchPath}:7:\\d+: .*did you mean "level"`)),
    ]);
    await performing.later(0.4);
    writeFileSync(performing.patchPath, sineOf(1500));
    const mended = await performing.until('what is right', ({ handOvers }) => handOvers === 1);
    expect(mended.refusal).toBeUndefined();
    const frame = mended.handOver?.frame ?? 0;
    const recording = await performing.end();
    for (let at = 0; at + sampleRate / 4 < frame; at += sampleRate / 4) {
      expect(toneFrom(recording, at, 1000)).toBeCloseTo(0.25, 2);
    }
  });

  test('is over without a hand-over when the text that plays comes back', async () => {
    const performing = await perform(sineOf(1000));
    writeFileSync(performing.patchPath, nonsense);
    await performing.until('the mistake', ({ refusal }) => refusal !== undefined);
    writeFileSync(performing.patchPath, sineOf(1000));
    const { handOvers } = await performing.until('no mistake', ({ refusal }) => refusal === undefined);
    expect(handOvers).toBe(0);
  });

  test('that only the engine finds is told as well: more channels than the output has', async () => {
    const performing = await perform(sineOf(1000).replace('"channels": 1', '"channels": 2'));
    writeFileSync(performing.patchPath, sineOf(1000).replace('"channels": 1', '"channels": 3'));
    const { refusal } = await performing.until('the mistake', (status) => status.refusal !== undefined);
    expect(refusal?.reasons).toEqual(['the plan has 3 channels, the output 2']);
  });
});

describe('/amp/patch', () => {
  test('is answered with the frame from which the other patch is heard, and that one is watched', async () => {
    const performing = await perform(sineOf(1000));
    const other = performing.folder.write('other.jsonc', sineOf(1500));
    await performing.later(0.3);
    const { address, values } = await performing.ask('/amp/patch', s(other));
    const status = await performing.until('the hand-over', ({ handOvers }) => handOvers === 1);
    expect([address, values]).toEqual(['/amp/reply', ['/amp/patch', BigInt(status.handOver?.frame ?? 0)]]);
    expect(status).toMatchObject({ patch: { name: '1500', path: other }, handOver: { kind: 'replace', path: other } });
    const frame = Number(values[1]);
    await performing.later(0.4);
    writeFileSync(other, sineOf(2000));
    await performing.until('the other patch anew', ({ patch }) => patch.name === '2000');
    const recording = await performing.end();
    expect(toneFrom(recording, frame - sampleRate / 4, 1000)).toBeCloseTo(0.25, 2);
    expect(toneFrom(recording, frame + crossfade, 1500)).toBeCloseTo(0.25, 2);
  });

  test('is answered with what is wrong and where', async () => {
    const performing = await perform(sineOf(1000));
    const other = performing.folder.write('other.jsonc', '{ "amp": 1,\n  "nodes": 5 }');
    const { address, values } = await performing.ask('/amp/patch', s(other));
    expect(address).toBe('/amp/error');
    expect(values[1]).toContain(`${other}:2:12: `);
    expect(await performing.ask('/amp/patch', s('none.jsonc'))).toEqual({
      address: '/amp/error',
      values: ['/amp/patch', 'cannot read none.jsonc: there is no such file or folder'],
    });
    expect(performing.performance.status().handOvers).toBe(0);
  });

  test.each([
    ['until its last note', s('last-note'), 0.25],
    ['for a fixed time', f(0.2), 0],
  ] as const)('lets the old patch ring %s', async (_, tail, left) => {
    const performing = await perform(organPatch);
    const silence = performing.folder.write('silence.jsonc', sineOf(1000, 0));
    await performing.ask('/note', i(1), i(69), f(1));
    const { values } = await performing.ask('/amp/patch', s(silence), tail);
    const frame = Number(values[1]);
    await performing.later(0.6);
    const note = await performing.ask('/note', i(1), i(69), f(0));
    await performing.later(0.4);
    const recording = await performing.end();
    expect(toneFrom(recording, frame + 0.25 * sampleRate, 440)).toBeCloseTo(left, 2);
    expect(largestStep(recording.samples.subarray(Number(note.values[1]) + 2 * crossfade))).toBe(0);
  });

  test.each([
    ['nothing', []],
    ['a number', [f(1)]],
    ['another word for the tail', [s('a.jsonc'), s('forever')]],
    ['a tail that is too long', [s('a.jsonc'), f(3601)]],
    ['too much', [s('a.jsonc'), f(1), f(1)]],
  ] as const)('takes no %s', async (_, values) => {
    const performing = await perform(sineOf(1000));
    const answer = await performing.ask('/amp/patch', ...values);
    expect(answer.address).toBe('/amp/error');
    expect(answer.values[1]).toContain('s path of a patch, and perhaps s "last-note" or f seconds (0 to 3600) fit');
  });
});

describe('the journal of a performance with hand-overs', () => {
  test('gives its recording again, bit for bit, at any block and with any workers', async () => {
    const gated = echoPatch
      .replace('"amp": 1,', '"amp": 1, "gates": { "drop": { "members": ["wet"] } },')
      .replace('{ "from": "pan", "to": "out" }', '{ "id": "wet", "from": "pan", "to": "out" }');
    const performing = await perform(gated);
    const organ = performing.folder.write('organ.jsonc', organPatch);
    await performing.ask('/note', i(1), i(57), f(0.8));
    await performing.ask('/low/cutoff', f(600));
    await save(
      performing,
      gated.replace('"7 ms"', '"11 ms"').replace('"pan": {', '"more": { "type": "sine" }, "pan": {'),
    );
    await performing.ask('/gate/drop', i(0));
    await performing.ask('/pan/position', f(0.5));
    await performing.later(0.1);
    await performing.ask('/gate/drop', i(1));
    await performing.ask('/note', i(1), i(64), f(0.8));
    await performing.ask('/amp/patch', s(organ));
    await performing.ask('/note', i(1), i(57), f(0));
    await performing.ask('/note', i(1), i(71), f(0.5));
    await performing.later(0.5);
    const { samples } = await performing.end();
    expect(samples.some((sample) => Math.abs(sample) > 0.05)).toBe(true);

    const { at } = performing.folder;
    for (const [block, workers] of [
      [64, 1],
      [100, 2],
      [257, 3],
      [4096, 2],
    ] as const) {
      const request = { journalPath: at('live.journal'), outputPath: at('again.wav'), block, workers };
      expect(await renderJournalToFile(request)).toMatchObject({ ok: true, summary: { lateEvents: 0, warnings: [] } });
      const again = readWav(at('again.wav')).samples;
      expect(Buffer.from(again.buffer).equals(Buffer.from(samples.buffer)), `${block}, ${workers}`).toBe(true);
    }
  });

  test('that broke off, even in the middle of a plan, gives what it holds', async () => {
    const performing = await perform(sineOf(1000));
    await performing.later(0.2);
    await save(performing, sineOf(1500));
    await performing.later(0.2);
    const { frame } = await save(performing, sineOf(2000));
    await performing.later(1.2);
    const { samples } = await performing.end();
    const { at, write } = performing.folder;
    const journal = readFileSync(at('live.journal'), 'latin1');
    const secondPlan = journal.indexOf('{"plan"', journal.indexOf('{"plan"') + 1);
    const lastHandOver = journal.lastIndexOf('{"handOver"');
    for (const [length, least] of [
      [secondPlan + 100, 0],
      [lastHandOver + 20, 0],
      [journal.lastIndexOf('{"end"'), frame],
    ] as const) {
      write('cut.journal', journal.slice(0, length));
      const request = { journalPath: at('cut.journal'), outputPath: at('cut.wav'), block: 100, workers: 2 };
      expect(await renderJournalToFile(request)).toMatchObject({
        ok: true,
        summary: { warnings: ['the journal broke off; this is what it holds'] },
      });
      const cut = readWav(at('cut.wav')).samples;
      expect(cut.length).toBeGreaterThan(least);
      expect(cut).toEqual(samples.subarray(0, cut.length));
    }
  });

  test('whose plans take over within one block of the render says so', async () => {
    const performing = await perform(sineOf(1000));
    await save(performing, sineOf(1500));
    await performing.later(0.2);
    await performing.end();
    const { at, write } = performing.folder;
    const journal = readFileSync(at('live.journal'), 'latin1');
    const line = journal.split('\n').find((each) => each.startsWith('{"handOver"')) ?? '';
    write('twice.journal', journal.replace(line, `${line}\n${line}`));
    const request = { journalPath: at('twice.journal'), outputPath: at('o.wav'), block: 64, workers: 1 };
    expect(await renderJournalToFile(request)).toMatchObject({
      ok: false,
      failure: { type: 'engine', error: { message: expect.stringContaining('two plans take over within one block') } },
    });
  });
});

describe('a schedule in a file of its own', () => {
  const scheduleOf = (...stages: readonly (readonly string[])[]) => {
    const typeOf: Readonly<Record<string, string>> = { sine: 'sine', level: 'gain', out: 'output' };
    const cohorts = (nodes: readonly string[]) => nodes.map((id) => ({ type: typeOf[id], nodes: [id] }));
    return JSON.stringify({ stages: stages.map((nodes) => ({ cohorts: cohorts(nodes) })) });
  };
  const inThree = scheduleOf(['sine'], ['level'], ['out']);
  const inFour = scheduleOf([], ['sine'], ['level'], ['out']);

  async function performScheduled() {
    const path = makeTemporaryFolder().write('s.json', inThree);
    const performing = await perform(sineOf(1000), { schedule: { type: 'file', path } });
    return { path, performing };
  }

  test('is taken when it is saved while it plays', async () => {
    const { path, performing } = await performScheduled();
    writeFileSync(path, inFour);
    expect(await handOverAfter(performing, 0)).toMatchObject({ kind: 'reload', path: performing.patchPath });
  });

  test('is read again with a patch that is saved, and refused by its own name', async () => {
    const { path, performing } = await performScheduled();
    writeFileSync(performing.patchPath, sineOf(1500).replaceAll('"level"', '"loud"'));
    const { refusal } = await performing.until('a refusal', (status) => status.refusal !== undefined);
    expect(refusal?.reasons[0]).toBe(`${path}:1:11: "stages": loud stands in no stage; every node has to stand in one`);
    writeFileSync(path, inThree.replaceAll('"level"', '"loud"'));
    await performing.until('what was mended', ({ patch }) => patch.name === '1500');
  });

  test('is for its own patch, not for another one that takes its place', async () => {
    const { performing } = await performScheduled();
    const other = performing.folder.write('other.jsonc', organPatch);
    await performing.ask('/amp/patch', s(other));
    expect(performing.performance.status().patch.path).toBe(other);
    await performing.ask('/amp/patch', s(performing.patchPath));
    expect(performing.performance.status().patch.path).toBe(performing.patchPath);
  });
});
