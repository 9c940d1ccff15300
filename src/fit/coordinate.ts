// The measure in which a value is moved: equal steps should sound equally large, whatever the value's unit.

/** What a value may be, and what it is when nobody has moved it. */
export interface Movable {
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly unit: 'hertz' | 'seconds' | 'ratio' | 'none' | 'octaves' | 'turns';
  readonly curve: 'linear' | 'exponential';
}

/** A position is a number of steps; a whole step is an octave, or what matters as much. */
export interface Coordinate {
  readonly start: number;
  readonly least: number;
  readonly most: number;
  /** Positions from which a search may begin, the start among them. */
  readonly grid: readonly number[];
  readonly valueAt: (position: number) => number;
  /** The derivative of the value by the position. */
  readonly slopeAt: (position: number) => number;
}

/** Below these, what is left sounds like nothing. */
const smallest = { hertz: 0.01, seconds: 0.0001, ratio: 0.000_01, none: 0.001, octaves: 0.001, turns: 0.001 } as const;

/** Three times as large, and a third: neither is an octave, which would favour starts that are just that far off. */
const gridStep = Math.log2(3);

/** Ranges up to this wide are searched from end to end. */
const widestSearch = 4;

/** The coordinate that suits the value. */
export function coordinateOf(movable: Movable): Coordinate {
  const { value, minimum, maximum, unit, curve } = movable;
  if (curve === 'exponential' && minimum >= 0 && (value > 0 || unit === 'seconds')) {
    return logarithmic(movable, 1);
  }
  // A level in a range that ends at 1 is a share; in any other range it is loudness.
  const isLoudness = unit === 'ratio' && value !== 0 && maximum > 1;
  return isLoudness ? logarithmic(movable, Math.sign(value)) : linear(value, minimum, maximum);
}

function logarithmic({ value, minimum, maximum, unit }: Movable, sign: number): Coordinate {
  const [near, far] = sign > 0 ? [minimum, maximum] : [-maximum, -minimum];
  const least = Math.log2(Math.max(near, smallest[unit]));
  const most = Math.log2(far);
  const start = within(Math.log2(Math.max(Math.abs(value), 2 ** least)), least, most);
  const valueAt = (position: number) => sign * 2 ** position;
  return {
    start,
    least,
    most,
    grid: distinct([start, within(start - gridStep, least, most), within(start + gridStep, least, most)]),
    valueAt,
    slopeAt: (position) => Math.LN2 * valueAt(position),
  };
}

function linear(value: number, minimum: number, maximum: number): Coordinate {
  const range = maximum - minimum;
  const isNarrow = range <= widestSearch;
  const scale = isNarrow ? range / 2 : Math.max(1, Math.abs(value));
  const [least, most, start] = [minimum / scale, maximum / scale, value / scale];
  const others = isNarrow
    ? [1 / 6, 1 / 2, 5 / 6].map((share) => (minimum + share * range) / scale)
    : [within(start - 1 / 2, least, most), within(start + 1 / 2, least, most)];
  return {
    start,
    least,
    most,
    grid: distinct([start, ...others]),
    valueAt: (position) => position * scale,
    slopeAt: () => scale,
  };
}

/** The position in the coordinate's range that is nearest. */
export function within(position: number, least: number, most: number): number {
  return Math.min(Math.max(position, least), most);
}

function distinct(positions: readonly number[]): readonly number[] {
  return [...new Set(positions)];
}
