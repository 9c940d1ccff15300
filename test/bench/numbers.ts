// The numbers of all pieces of sound that are measured: our patches and every peer's inputs are made of these.

/** Frames a second of every measurement. */
export const sampleRate = 48_000;

export const sineCount = 512;
export const sineFrequency = (index: number): number => 100 + index * 7.31;
/** The sum crests at half of full scale, below what makes our limiter work. */
export const sineLevel = 0.5 / sineCount;

/** scsynth's saw goes from -0.5 to 0.5; all others, ours too, from -1 to 1, and are made as loud. */
export const sawLevel = 0.5;

export const voiceCount = 128;
export const voiceFrequency = (index: number): number => 55 + index * 5.17;
export const voiceSweepRate = (index: number): number => 0.5 + index * 0.05;
export const voicePosition = (index: number): number => (2 * index) / (voiceCount - 1) - 1;
/** Hz. */
export const sweepCentre = 1500;
export const sweepDepth = 800;
/** 1 / Q. */
export const sweepDamping = 0.3;

export const chainLength = 256;
/** c in y' = (1 - c) x + c y, the filter that scsynth has. */
export const chainFeedback = 0.3;

export const branchCount = 64;
export const branchFrequency = (index: number): number => 55 + index * 7.3;
export const branchPosition = (index: number): number => (2 * index) / (branchCount - 1) - 1;
export const filtersInBranch = 8;
/** Hz. */
export const filterCutoff = 8000;
export const filterQ = Math.SQRT1_2;

export const spectrumCount = 16;
export const spectrumFrequency = (index: number): number => 110 + index * 17.1;
/** Frames of a window of w5; one begins every quarter of it. */
export const windowFrames = 1024;
export const windowsInFrame = 4;

/** w6: a note begins each 240 frames, 5 ms, and lasts for 100 ms, so that twenty sound at any time. */
export const noteEvery = 240;
export const noteLength = 4800;
export const notesSounding = noteLength / noteEvery;
/** Seconds in which a note swells, and in which it ends. */
export const noteRamp = 0.005;
export const noteLevel = 0.02;
/** MIDI key of a note: none sounds twice at a time. */
export const noteKey = (index: number): number => 57 + ((index * 7) % 24);
export const keyFrequency = (key: number): number => 440 * 2 ** ((key - 69) / 12);

/** The gains of a place between the speakers, -1 to 1, at equal power. */
export function placeGains(position: number): { readonly left: number; readonly right: number } {
  const angle = ((position + 1) * Math.PI) / 4;
  return { left: Math.cos(angle), right: Math.sin(angle) };
}

export function each<Item>(count: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/**
 * A second-order low-pass, a0 = 1. Source: R. Bristow-Johnson, 'Cookbook formulae for audio equalizer biquad filter
 * coefficients'.
 */
export interface LowpassSection {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

/** The filter of w4. */
export function filterSection(): LowpassSection {
  const angle = (2 * Math.PI * filterCutoff) / sampleRate;
  const alpha = Math.sin(angle) / (2 * filterQ);
  const scale = 1 / (1 + alpha);
  const b1 = (1 - Math.cos(angle)) * scale;
  return { b0: b1 / 2, b1, b2: b1 / 2, a1: -2 * Math.cos(angle) * scale, a2: (1 - alpha) * scale };
}
