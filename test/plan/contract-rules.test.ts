// Each rule of docs/kpn_tap_contract.md: a patch that keeps it, and one that breaks it.

import { describe, expect, test } from 'vitest';
import type { ContractRule } from '../../src/plan/contract-rules.js';
import { contractRules } from '../../src/plan/contract-rules.js';
import { complaintsAbout } from './compiling.js';
import type { EdgeSketch, NodeSketch, PatchSketch } from './patch-builder.js';
import { latentType, literal } from './patch-builder.js';

type Taps = NonNullable<NodeSketch['taps']>;

/** tone -> level -> out, with what is written about their taps, and further edges. */
function chain(taps: { tone?: Taps; level?: Taps }, more: readonly EdgeSketch[] = [], delay = 480): PatchSketch {
  return {
    nodes: {
      tone: { type: 'sine', ...(taps.tone === undefined ? {} : { taps: taps.tone }) },
      level: { type: 'gain', ...(taps.level === undefined ? {} : { taps: taps.level }) },
      deaf: { type: 'gain' },
      out: { type: 'output' },
    },
    edges: [{ from: 'tone', to: 'level', delay }, { from: 'level', to: 'out' }, ...more],
  };
}

const frames = (count: number) => literal(count, 'frames');
const block = { overflow: 'block' } as const;
const holding = { id: 'stop', members: [0], whileClosed: 'hold' } as const;

/** (deep ->) tone -> level -> out, and tone -> other -> out, behind gates that hold edges by their numbers. */
function held({
  gates,
  tone = 'gain',
  deep = 'gain',
  fed = false,
}: {
  readonly gates: readonly (readonly [string, ...number[]])[];
  readonly tone?: NodeSketch['type'];
  readonly deep?: NodeSketch['type'];
  readonly fed?: boolean;
}): PatchSketch {
  const taps = { in: block };
  return {
    nodes: {
      tone: { type: tone, taps },
      level: { type: 'gain', taps },
      other: { type: 'gain', taps },
      out: { type: 'output' },
      ...(fed ? { deep: { type: deep } } : {}),
    },
    edges: [
      { from: 'tone', to: 'level' },
      { from: 'tone', to: 'other' },
      { from: 'level', to: 'out' },
      { from: 'other', to: 'out' },
      ...(fed ? [{ from: 'deep', to: 'tone' }] : []),
    ],
    gates: gates.map(([id, ...members]) => ({ id, members, whileClosed: 'hold' })),
  };
}

interface Case {
  readonly keeps: PatchSketch;
  readonly breaks: PatchSketch;
  readonly says: string;
}

/** tone -> apart -> together -> out. */
function spectra({
  apart = {},
  together = {},
  delay = 0,
  whileClosed = 'hold',
}: {
  readonly apart?: Readonly<Record<string, number>>;
  readonly together?: Readonly<Record<string, number>>;
  readonly delay?: number;
  readonly whileClosed?: 'mute' | 'sample' | 'hold';
}): PatchSketch {
  return {
    nodes: {
      tone: { type: 'sine' },
      apart: { type: 'fft', options: apart },
      together: { type: 'ifft', options: together },
      out: { type: 'output' },
    },
    edges: [
      { from: 'tone', to: 'apart' },
      { from: 'apart', to: 'together', delay },
      { from: 'together', to: 'out' },
    ],
    gates: [{ id: 'drop', members: [1], whileClosed }],
  };
}

const hann = { size: 512, overlap: 4, window: 1 };

/** tone -> level -> out, where the heat of level moves it behind a gate. */
function heated(whileClosed: 'mute' | 'hold'): PatchSketch {
  return {
    ...chain({}, [{ from: 'level.thermo.heat', to: 'level.gain', align: false }]),
    gates: [{ id: 'stop', members: [2], whileClosed }],
  };
}

const cases: Readonly<Record<ContractRule, Case>> = {
  reach: {
    keeps: chain({ level: { in: { maxFrames: frames(500), asks: frames(20) } } }),
    breaks: chain({ level: { in: { maxFrames: frames(499), asks: frames(20) } } }),
    says: 'max_frames of "level.in" is 499 frames, but "level.in" reads "tone.out" up to 500 frames back',
  },
  reach_of_the_output: {
    keeps: chain({ tone: { out: { maxFrames: frames(480) } } }),
    breaks: chain({ tone: { out: { maxFrames: frames(479) } } }),
    says: 'max_frames of "tone.out" is 479 frames, but "level.in" reads "tone.out" up to 480 frames back',
  },
  reach_of_others: {
    keeps: chain({ level: { in: { maxFrames: frames(1000) } } }, [{ from: 'tone', to: 'out', delay: 1000 }]),
    breaks: chain({ level: { in: { maxFrames: frames(1000) } } }, [{ from: 'tone', to: 'out', delay: 1001 }]),
    says: 'max_frames of "level.in" is 1000 frames, but "out.in" reads "tone.out" up to 1001 frames back',
  },
  longest: {
    keeps: chain({}, [], 2 ** 32),
    breaks: chain({ level: { in: { asks: frames(1) } } }, [], 2 ** 32),
    says: '"tone.out" would have to keep 4294967297 frames; at most 4294967296 fit',
  },
  starvation: {
    keeps: { ...chain({ level: { in: block } }, [{ from: 'tone', to: 'deaf' }]), gates: [holding] },
    breaks: { ...chain({ level: { in: block } }, [{ from: 'tone', to: 'out' }]), gates: [holding] },
    says: '"level.in" would block "tone.out", and so starve the path to an output through "out.in"',
  },
  one_gate: {
    keeps: held({ gates: [['both', 0, 1]] }),
    breaks: held({
      gates: [
        ['one', 0],
        ['two', 1],
      ],
    }),
    says: '"level.in" would block "tone.out", and so starve "other.in", which another gate holds ("two", not "one")',
  },
  not_nested: {
    keeps: held({ gates: [['both', 0, 1]] }),
    breaks: held({
      gates: [
        ['both', 0, 1],
        ['inner', 4],
      ],
      fed: true,
    }),
    says: 'and with it "tone", where "tone.in" blocks "deep.out"; one of the two can block',
  },
  no_look_ahead: {
    keeps: held({ gates: [['both', 0, 1]], tone: latentType(48) }),
    breaks: held({ gates: [['both', 0, 1]], fed: true, deep: latentType(48) }),
    says: 'but "tone", which would stand, works 48 frames behind a look-ahead',
  },
  blocked_loop: {
    keeps: chain({ level: { in: block } }),
    breaks: {
      nodes: { level: { type: 'gain', taps: { in: block } }, back: { type: 'gain' }, out: { type: 'output' } },
      edges: [
        { from: 'level', to: 'back' },
        { from: 'back', to: 'level', delay: 100 },
      ],
    },
    says: '"level.in" would block "back.out", which is in one loop with it and so would never go on',
  },
  own_word: {
    keeps: chain({ tone: { out: block }, level: { in: { overflow: 'drop_oldest' } } }),
    breaks: chain({ tone: { out: block } }, [{ from: 'tone', to: 'out' }]),
    says: 'would block "tone.out"',
  },
  windows: {
    keeps: spectra({ apart: hann, together: hann }),
    breaks: spectra({ apart: { ...hann, overlap: 2 }, together: { ...hann, overlap: 2 } }),
    says:
      '"apart": "hann" windows do not add up to the same everywhere at an overlap of 2; ' +
      'an overlap of 4 or more fits, or the window "sqrt_hann"',
  },
  like_spectra: {
    keeps: spectra({ apart: hann, together: hann }),
    breaks: spectra({ apart: hann, together: { ...hann, size: 256, window: 0 } }),
    says:
      '"apart.out" has "size": 512, "window": "hann", but "together.in" has "size": 256, "window": "sqrt_hann"; ' +
      'the same in both nodes fits',
  },
  whole_tokens: {
    keeps: spectra({ delay: 512 }),
    breaks: spectra({ delay: 500 }),
    says: 'the edge from "apart.out" to "together.in" moves spectra by 500 frames; multiples of their period fit: 256 frames',
  },
  whole_gates: {
    keeps: spectra({ whileClosed: 'mute' }),
    breaks: spectra({ whileClosed: 'sample' }),
    says: 'gate "drop" would hold one frame of the spectra from "apart.out" to "together.in"; "mute" or "hold" fits',
  },
  going_heat: {
    keeps: heated('mute'),
    breaks: heated('hold'),
    says: 'gate "stop" would hold the heat from "level.thermo.heat" to "level.gain", which goes on; "mute" or "sample" fits',
  },
};

describe.each(Object.keys(contractRules) as readonly ContractRule[])('the rule %s', (rule) => {
  const { keeps, breaks, says } = cases[rule];

  test('lets a patch pass that keeps it', () => {
    expect(complaintsAbout(keeps)).toEqual([]);
  });

  test('refuses a patch that breaks it, in words', () => {
    expect(complaintsAbout(breaks).join('\n')).toContain(says);
  });
});
