import { describe, expect, test } from 'vitest';
import { messagesOf, patchText } from './reading.js';

describe('a control', () => {
  const nodes = { low: { type: 'svf' } };
  const edges = [{ id: 'wet', from: 'low', to: 'out' }];
  test.each<[string, unknown, string]>([
    ['from nowhere', { to: 'low.cutoff' }, '"from" of control 1 is missing; "midi:cc/74" or "osc:/pad/cutoff" fits'],
    [
      'from an unknown source',
      { from: 'mdi:cc/1', to: 'low.cutoff' },
      '"from" of control 1: "mdi:cc/1" is not a source; did you mean "midi"? a source fits, such as "midi:cc/74", "midi:note/36", "midi:bend", "osc:/pad/cutoff" or "key:g"',
    ],
    [
      'from a controller that there is not',
      { from: 'midi:cc/128', to: 'low.cutoff' },
      '"from" of control 1: "128" is not a number from 0 to 127, as in "midi:cc/74"',
    ],
    [
      'from an OSC pattern',
      { from: 'osc:/pad/*', to: 'low.cutoff' },
      '"from" of control 1: "/pad/*" is not an OSC address; one begins with "/" and holds no space and none of # * , ? [ ] { }, as in "osc:/pad/cutoff"',
    ],
    [
      'from a signal',
      { from: 'signal:low', to: 'low.cutoff' },
      '"from" of control 1: "signal:low" moves gates only; an edge leads a signal to a parameter',
    ],
    [
      'from what is no scheme at all',
      { from: 'wheel', to: 'low.cutoff' },
      '"from" of control 1: "wheel" is not a source; a source fits, such as "midi:cc/74", "midi:note/36", "midi:bend", "osc:/pad/cutoff" or "key:g"',
    ],
    [
      'from an unknown key',
      { from: 'key:spce', to: 'low.cutoff' },
      '"from" of control 1: "spce" is not a key; did you mean "space"?',
    ],
    [
      'to an unknown node',
      { from: 'key:g', to: 'lwo.cutoff' },
      '"to" of control 1: there is no node and no edge id "lwo"; did you mean "low"?',
    ],
    [
      'to an input',
      { from: 'key:g', to: 'low' },
      '"to" of control 1: "low" is an input; a parameter fits: "low.cutoff", "low.resonance"',
    ],
    [
      'to the depth of an edge that has a gain',
      { from: 'key:g', to: 'wet.depth' },
      '"to" of control 1: the edge "wet" has no "depth" to move; "wet.gain" fits',
    ],
    [
      'over one value',
      { from: 'key:g', to: 'low.cutoff', range: [80] },
      '"range" of control 1: found an array; an array of two values fits, such as [80, 8000]',
    ],
    [
      'beyond the range of its parameter',
      { from: 'key:g', to: 'low.cutoff', range: [80, 80000] },
      '"range" of control 1: 80000 is too high; 10 to 20000 Hz fits',
    ],
    [
      'in another unit',
      { from: 'key:g', to: 'low.cutoff', range: ['80 Hz', '3 s'] },
      '"range" of control 1: "3 s" is a time; a frequency fits, such as 440, "2 kHz", "C#4" or "1/8"',
    ],
    [
      'exponentially through 0',
      { from: 'key:g', to: 'wet.gain', curve: 'exp' },
      '"curve" of control 1: an exponential curve needs a range whose ends both lie above 0; "linear" fits, or such a "range"',
    ],
  ])('%s', (_what, control, message) => {
    expect(messagesOf(patchText(nodes, { edges, controls: [control] }))).toEqual([message]);
  });
});

describe('a gate', () => {
  const nodes = { low: { type: 'svf' } };
  const edges = [{ id: 'wet', from: 'low', to: 'out' }];
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['without members', { drop: {} }, '"members" of gate drop is missing; an array of edge ids such as ["wet"] fits'],
    [
      'with none',
      { drop: { members: [] } },
      '"members" of gate drop: a gate without members does nothing; ids of edges fit, such as ["wet"]',
    ],
    [
      'with an unknown edge',
      { drop: { members: ['wte'] } },
      'gate drop: no edge has the id "wte"; did you mean "wet"?',
    ],
    [
      'with an edge twice',
      { drop: { members: ['wet', 'wet'] } },
      'gate drop: "wet" is listed twice; an edge belongs to one gate',
    ],
    [
      'with the edge of another',
      { drop: { members: ['wet'] }, rise: { members: ['wet'] } },
      'gate rise: "wet" is already a member of gate drop; an edge belongs to one gate',
    ],
    [
      'on a grid of milliseconds',
      { drop: { members: ['wet'], quantize: '5 ms' } },
      '"quantize" of gate drop: found "5 ms"; "now", "1/4" or "1 bar" fits',
    ],
    [
      'on a grid without width',
      { drop: { members: ['wet'], quantize: '0/4' } },
      '"quantize" of gate drop: found "0/1"; "now", "1/4" or "1 bar" fits',
    ],
    [
      'moved by what is no text',
      { drop: { members: ['wet'], controls: [3] } },
      '"controls" of gate drop: found 3; text such as "midi:cc/74" fits',
    ],
    [
      'moved by an unknown node',
      { drop: { members: ['wet'], controls: ['signal:lwo'] } },
      '"controls" of gate drop: there is no node "lwo"; did you mean "low"?',
    ],
    [
      'moved by an unknown output',
      { drop: { members: ['wet'], controls: ['signal:low.bnd'] } },
      '"controls" of gate drop: low (svf) has no output "bnd"; did you mean "band"?',
    ],
    [
      'moved by a parameter',
      { drop: { members: ['wet'], controls: ['signal:low.cutoff'] } },
      '"controls" of gate drop: "cutoff" is a parameter of low (svf) and cannot be read; its outputs are low, high and band',
    ],
    [
      'moved by an output',
      { drop: { members: ['wet'], controls: ['signal:out'] } },
      '"controls" of gate drop: out (output) has no output to read from',
    ],
    [
      'moved by a scheme that nobody knows',
      { drop: { members: ['wet'], controls: ['sgnal:low'] } },
      '"controls" of gate drop: "sgnal:low" is not a source; did you mean "signal"? a source fits, such as "midi:cc/74", "midi:note/36", "midi:bend", "osc:/pad/cutoff" or "key:g"',
    ],
    [
      'of too many sources',
      { drop: { members: ['wet'], controls: Array.from({ length: 65 }, () => 'key:g') } },
      '"controls" of gate drop: at most 64 sources fit',
    ],
  ])('%s', (_what, gates, message) => {
    expect(messagesOf(patchText(nodes, { edges, gates }))).toEqual([message]);
  });
});

describe('a schedule', () => {
  const cohorts = (nodes: readonly string[], type = 'sine') => ({
    stages: [
      {
        cohorts: [
          { type, nodes },
          { type: 'output', nodes: ['out'] },
        ],
      },
    ],
  });
  test.each<[string, unknown, string]>([
    ['without stages', {}, '"stages" of "schedule" is missing; an array of stages fits'],
    ['that forgets nodes', cohorts(['b']), '"stages": a stands in no stage; every node has to stand in one'],
    [
      'that runs a node twice',
      cohorts(['a', 'b', 'a']),
      '"nodes" of cohort 1 of stage 1: "a" already stands in a cohort, in line 1; a node stands in one',
    ],
    [
      'that mixes types',
      cohorts(['a', 'b'], 'saw'),
      '"nodes" of cohort 1 of stage 1: "a" is of type sine; nodes of type saw fit',
    ],
  ])('%s', (_what, schedule, message) => {
    expect(messagesOf(patchText({ a: { type: 'sine' }, b: { type: 'sine' } }, { schedule }))[0]).toBe(message);
  });
});
