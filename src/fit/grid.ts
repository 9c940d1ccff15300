// Where a search begins: a coarse grid over all coordinates, thinned out where it would be too large.

/** Points of the grid, the first of each coordinate together before all others; at most `most`, spread evenly over it. */
export function gridPoints(grids: readonly (readonly number[])[], most: number): readonly (readonly number[])[] {
  const size = grids.reduce((product, { length }) => product * length, 1);
  const first = grids.map((grid) => grid[0] ?? 0);
  const others =
    size <= most
      ? Array.from({ length: size - 1 }, (_, index) => pointAt(grids, index + 1))
      : Array.from({ length: most - 1 }, (_, index) => spreadPoint(grids, index + 1));
  return [first, ...others];
}

function pointAt(grids: readonly (readonly number[])[], index: number): readonly number[] {
  let rest = index;
  return grids.map((grid) => {
    const place = rest % grid.length;
    rest = Math.floor(rest / grid.length);
    return grid[place] ?? 0;
  });
}

/** Halton's sequence: each coordinate counts in another prime. */
function spreadPoint(grids: readonly (readonly number[])[], index: number): readonly number[] {
  return grids.map((grid, coordinate) => {
    const share = radicalInverse(index, primeAt(coordinate));
    return grid[Math.floor(share * grid.length)] ?? 0;
  });
}

function radicalInverse(index: number, base: number): number {
  let inverse = 0;
  let weight = 1 / base;
  for (let rest = index; rest > 0; rest = Math.floor(rest / base)) {
    inverse += (rest % base) * weight;
    weight /= base;
  }
  return inverse;
}

function primeAt(place: number): number {
  let prime = 2;
  for (let found = 0; found < place; ) {
    prime += 1;
    found += isPrime(prime) ? 1 : 0;
  }
  return prime;
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) {
    if (number % divisor === 0) {
      return false;
    }
  }
  return true;
}
