// The rules of tap contracts, in words. Each has a patch that keeps it and one that breaks it in test/plan/contract-rules.test.ts.

/** By name: what must hold, and who refuses what breaks it. */
export const contractRules = {
  reach: {
    holds: "A reader's delay and what it asks are at most `max_frames` of its own tap.",
    refusedBy: 'planner, engine',
  },
  reach_of_the_output: {
    holds: "A reader's delay and what it asks are at most `max_frames` of the output that it reads.",
    refusedBy: 'planner, engine',
  },
  reach_of_others: {
    holds:
      'A reader reaches no further back than any other reader of the same output allows: a wheel is one, and the smallest `max_frames` bounds it.',
    refusedBy: 'planner',
  },
  longest: {
    holds: 'A wheel keeps at most 2^32 frames: a day at 48 kHz.',
    refusedBy: 'planner, engine',
  },
  starvation: {
    holds:
      '`block` stops what feeds an input, and all that hangs together with it: over edges, signals that move gates, and voices. None of that leads to an output, or to a gate of what does, in another way.',
    refusedBy: 'planner, engine',
  },
  one_gate: {
    holds: 'What stands is heard through one gate alone, by readers that are equally late.',
    refusedBy: 'planner, engine',
  },
  not_nested: {
    holds: 'What stands is not fed by another edge that blocks: one of the two can.',
    refusedBy: 'planner, engine',
  },
  no_look_ahead: {
    holds: 'What stands works behind no look-ahead: only its last node may have one.',
    refusedBy: 'planner, engine',
  },
  blocked_loop: {
    holds: '`block` never stands inside a loop: a loop that stops itself would never go on.',
    refusedBy: 'planner, engine',
  },
  own_word: {
    holds:
      'An input that writes `overflow` decides for itself; one that does not takes that of the output. So an output that blocks is refused only for readers that do not say `drop_oldest`.',
    refusedBy: 'planner',
  },
  windows: {
    holds:
      'The windows of a spectral node overlap so much that they add up to the same everywhere: `sqrt_hann` at an overlap of 2 or more, `hann` and `hamming` of 4, `blackman` of 8.',
    refusedBy: 'planner, engine',
  },
  like_spectra: {
    holds: 'An edge leads from spectra to spectra of the same size, overlap and window, or from a signal to a signal.',
    refusedBy: 'planner, engine',
  },
  whole_tokens: {
    holds:
      'Spectra are moved by whole tokens: the delay of such an edge is a multiple of their period, size / overlap frames.',
    refusedBy: 'planner, engine',
  },
  whole_gates: {
    holds:
      'A gate with spectra among its members mutes or holds them, between two tokens; it does not `sample`, for a frame is a part of a token. Such an input neither holds its last frame nor blocks, and spectra move no gate.',
    refusedBy: 'planner, engine',
  },
  going_heat: {
    holds:
      'Heat goes on while a gate is closed: a gate with a reader of `thermo.heat` among its members does not `hold`.',
    refusedBy: 'planner, engine',
  },
} as const satisfies Record<string, { readonly holds: string; readonly refusedBy: string }>;

export type ContractRule = keyof typeof contractRules;
