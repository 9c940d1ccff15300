// What patches are played with to prove that their bits stay equal: short, and yet with all that happens to voices.

import type { StreamEvent } from '../../src/engine/event.js';
import { encodePlan } from '../../src/plan/binary/encode.js';
import type { Plan } from '../../src/plan/plan.js';
import { loadPlan } from '../../src/session/patch-file.js';
import { loadScore } from '../../src/session/score.js';
import type { Performance } from './fingerprint.js';
import { inRepository } from './patch-files.js';
import { sampleRate } from './rendering.js';

/** Of the glass pad's piece: its first two phrases, and the next one. */
const firstPhrases = 10 * sampleRate;
const nextPhrase = 15 * sampleRate;
/** The piece is played so much faster, that more notes come than there are voices. */
const haste = 4;

/** What a patch without keys does in this time it does for ever. */
const framesWithoutKeys = 1.2 * sampleRate;

/** The performance of a patch of patches/. With keys: many notes, silence until all voices sleep, and notes that wake them. */
export async function performanceOf(patch: string): Promise<Performance> {
  const loading = await loadPlan(inRepository(patch), { sampleRate });
  if (!loading.ok) {
    throw new Error(JSON.stringify(loading.failure));
  }
  const { plan } = loading;
  if (plan.voiceGroups.length === 0) {
    return { plan: encodePlan(plan), events: [], frames: framesWithoutKeys };
  }
  const wake = Math.ceil(firstPhrases / haste) + silenceOf(plan);
  const piece = await loadScore(inRepository('patches/glass_pad.mid'), { sampleRate });
  if (!piece.ok) {
    throw new Error(JSON.stringify(piece.failure));
  }
  const events = piece.score.events.flatMap((event) => {
    const frame = Math.round(event.frame / haste);
    const wakes = event.frame >= firstPhrases;
    return event.frame > nextPhrase ? [] : [{ ...event, frame: wakes ? frame + silenceOf(plan) : frame }];
  });
  return { plan: encodePlan(plan), events, frames: wake + Math.ceil((nextPhrase - firstPhrases) / haste) };
}

/** Longer than any voice sounds after its release. */
function silenceOf(plan: Plan): number {
  const rings = plan.voiceGroups.map(({ ring }) => {
    if (ring === 'endless') {
      throw new Error('the voices of this patch never sleep');
    }
    return ring;
  });
  return Math.max(...rings) + 4800;
}

/** A note from its beginning to its end. */
export interface HeldNote {
  readonly note: number;
  readonly frame: number;
  readonly frames: number;
}

/** The notes of a performance, each with its end. */
export function heldNotes(events: readonly StreamEvent[]): readonly HeldNote[] {
  return events.flatMap((event, index) => {
    if (event.type !== 'note_on') {
      return [];
    }
    const end = events.slice(index).find((each) => each.type === 'note_off' && each.note === event.note);
    return end === undefined ? [] : [{ note: event.note, frame: event.frame, frames: end.frame - event.frame }];
  });
}

/** Notes as native/test/render_plan.c plays them: on channel 1, all of one velocity. */
export function eventsOf(notes: readonly HeldNote[]): readonly StreamEvent[] {
  const events = notes.flatMap(({ note, frame, frames }): StreamEvent[] => [
    { type: 'note_on', channel: 1, note, velocity: 0.8, frame },
    { type: 'note_off', channel: 1, note, frame: frame + frames },
  ]);
  return events.sort((a, b) => a.frame - b.frame);
}
