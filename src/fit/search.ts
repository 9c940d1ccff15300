// The search for values that make a distance small: forward only over a coarse grid, then downhill from its best point, and from
// the next ones where that has led into a hollow.

import { Adam } from './adam.js';
import type { Coordinate } from './coordinate.js';
import { within } from './coordinate.js';
import { gridPoints } from './grid.js';

/** How far a sound with such values is from the one that is wanted. */
export interface Judgement {
  readonly distance: number;
  /** By each value, if it was asked for. */
  readonly gradient: readonly number[];
}

export type Judging<Failure> =
  | { readonly ok: true; readonly judgement: Judgement }
  | { readonly ok: false; readonly failure: Failure };

export interface SearchSettings<Failure> {
  readonly coordinates: readonly Coordinate[];
  readonly judge: (values: readonly number[], needs: { readonly needsGradient: boolean }) => Promise<Judging<Failure>>;
  /** Points of the grid, at most. */
  readonly starts: number;
  /** Of each way downhill. */
  readonly steps: number;
  /** Ends the search soon; the best so far is kept. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SearchProgress) => void) | undefined;
}

export interface SearchProgress {
  readonly phase: 'starts' | 'steps';
  /** Of the phase. */
  readonly done: number;
  readonly all: number;
  /** The smallest so far. */
  readonly distance: number;
  /** Of the whole search. */
  readonly share: number;
  readonly secondsLeft: number;
}

export interface Found {
  readonly values: readonly number[];
  readonly distance: number;
  readonly distanceBefore: number;
  readonly starts: number;
  readonly steps: number;
  readonly isInterrupted: boolean;
  /** Places of values that made no difference wherever the search has been. */
  readonly idle: readonly number[];
}

export type Searching<Failure> =
  | { readonly ok: true; readonly found: Found }
  | { readonly ok: false; readonly failure: Failure };

/** The size of the first and the last step, in coordinates, and the share of all steps that are as long as the first. */
const firstStep = 0.2;
const lastStep = 0.0003;
const longShare = 0.3;

/** A distance that nobody hears; going on would only take time. */
const closeEnough = 1e-5;

/** Ways downhill at most, each from another point of the grid, and the share of the first distance below which one has arrived. */
const mostWays = 3;
const arrived = 0.02;

/** Begins where the coordinates do. Fails with what judging fails with. */
export async function search<Failure>(settings: SearchSettings<Failure>): Promise<Searching<Failure>> {
  return new Search(settings).run();
}

class Search<Failure> {
  readonly #settings: SearchSettings<Failure>;
  readonly #points: readonly (readonly number[])[];
  readonly #pace = { withoutGradient: new Pace(), withGradient: new Pace() };
  readonly #moved: boolean[];
  readonly #judged: { readonly point: readonly number[]; readonly distance: number }[] = [];
  #best: readonly number[];
  #distance = Number.POSITIVE_INFINITY;
  #starts = 0;
  #steps = 0;
  #ways = 1;

  constructor(settings: SearchSettings<Failure>) {
    this.#settings = settings;
    const { coordinates, starts } = settings;
    this.#points = gridPoints(
      coordinates.map(({ grid }) => grid),
      starts,
    );
    this.#best = coordinates.map(({ start }) => start);
    this.#moved = coordinates.map(() => false);
  }

  async run(): Promise<Searching<Failure>> {
    // With a gradient, so that what has none is told before the search takes its time.
    const first = await this.#judge(this.#best, true);
    if (!first.ok) {
      return first;
    }
    const distanceBefore = this.#distance;
    this.#judged.push({ point: this.#best, distance: distanceBefore });
    const failure = (await this.#tryStarts()) ?? (await this.#goDown(distanceBefore));
    if (failure !== undefined) {
      return failure;
    }
    return {
      ok: true,
      found: {
        values: this.#valuesAt(this.#best),
        distance: this.#distance,
        distanceBefore,
        starts: this.#starts,
        steps: this.#steps,
        isInterrupted: this.#isInterrupted(),
        idle: this.#moved.flatMap((moved, place) => (moved ? [] : [place])),
      },
    };
  }

  async #tryStarts(): Promise<Failed<Failure> | undefined> {
    for (const point of this.#points.slice(1)) {
      if (this.#isInterrupted()) {
        return undefined;
      }
      const judging = await this.#judge(point, false);
      if (!judging.ok) {
        return judging;
      }
      this.#judged.push({ point, distance: judging.distance });
      this.#starts += 1;
      this.#tell('starts');
    }
    return undefined;
  }

  async #goDown(distanceBefore: number): Promise<Failed<Failure> | undefined> {
    const begins = beginsOf(
      this.#judged.toSorted((one, other) => one.distance - other.distance).map(({ point }) => point),
    );
    for (const point of begins) {
      const failure = await this.#goDownFrom(point);
      if (failure !== undefined || this.#distance < arrived * distanceBefore || this.#isInterrupted()) {
        return failure;
      }
      this.#ways = Math.min(this.#ways + 1, begins.length);
    }
    return undefined;
  }

  async #goDownFrom(point: readonly number[]): Promise<Failed<Failure> | undefined> {
    const { coordinates, steps } = this.#settings;
    const adam = new Adam(coordinates.length);
    let position = point;
    for (let step = 0; step < steps && this.#distance > closeEnough && !this.#isInterrupted(); step += 1) {
      const judging = await this.#judge(position, true);
      if (!judging.ok) {
        return judging;
      }
      const way = adam.step(judging.slopes, stepSize(step / steps));
      position = coordinates.map(({ least, most }, place) => {
        return within((position[place] ?? 0) + (way[place] ?? 0), least, most);
      });
      this.#steps += 1;
      this.#tell('steps');
    }
    return undefined;
  }

  async #judge(position: readonly number[], needsGradient: boolean): Promise<Judged | Failed<Failure>> {
    const begin = performance.now();
    const judging = await this.#settings.judge(this.#valuesAt(position), { needsGradient });
    if (!judging.ok) {
      return judging;
    }
    this.#pace[needsGradient ? 'withGradient' : 'withoutGradient'].add(performance.now() - begin);
    const { distance, gradient } = judging.judgement;
    if (distance < this.#distance) {
      this.#distance = distance;
      this.#best = position;
    }
    const slopes = this.#settings.coordinates.map(({ slopeAt }, place) => {
      return (gradient[place] ?? 0) * slopeAt(position[place] ?? 0);
    });
    slopes.forEach((slope, place) => {
      this.#moved[place] = this.#moved[place] === true || slope !== 0;
    });
    return { ok: true, distance, slopes };
  }

  #valuesAt(position: readonly number[]): readonly number[] {
    return this.#settings.coordinates.map(({ valueAt }, place) => valueAt(position[place] ?? 0));
  }

  #isInterrupted(): boolean {
    return this.#settings.signal?.aborted === true;
  }

  #tell(phase: SearchProgress['phase']): void {
    const { onProgress } = this.#settings;
    const steps = this.#ways * this.#settings.steps;
    const starts = this.#points.length - 1;
    const { withoutGradient, withGradient } = this.#pace;
    const forwardOnly = withoutGradient.milliseconds ?? withGradient.milliseconds ?? 0;
    const andBack = withGradient.milliseconds ?? 0;
    const left = (starts - this.#starts) * forwardOnly + (steps - this.#steps) * andBack;
    const taken = this.#starts * forwardOnly + this.#steps * andBack;
    onProgress?.({
      phase,
      done: phase === 'starts' ? this.#starts : this.#steps,
      all: phase === 'starts' ? starts : steps,
      distance: this.#distance,
      share: taken / (taken + left),
      secondsLeft: left / 1000,
    });
  }
}

interface Judged {
  readonly ok: true;
  readonly distance: number;
  readonly slopes: readonly number[];
}

interface Failed<Failure> {
  readonly ok: false;
  readonly failure: Failure;
}

/** Of points, the best first: the first ones of which any two differ in half of their coordinates, or else they lead to the same hollow. */
function beginsOf(points: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const begins: (readonly number[])[] = [];
  for (const point of points) {
    const isApart = begins.every((other) => {
      const differing = point.filter((position, place) => position !== other[place]).length;
      return 2 * differing >= point.length && differing > 0;
    });
    if (isApart && begins.length < mostWays) {
      begins.push(point);
    }
  }
  return begins;
}

/** Long at first, to come near; then shorter and shorter, to stop there. */
function stepSize(share: number): number {
  return firstStep * (lastStep / firstStep) ** (Math.max(0, share - longShare) / (1 - longShare));
}

/** How long something takes on the average. */
class Pace {
  #sum = 0;
  #count = 0;

  add(milliseconds: number): void {
    this.#sum += milliseconds;
    this.#count += 1;
  }

  get milliseconds(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }
}
