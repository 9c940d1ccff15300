// Adam: steps of a size that does not depend on the size of the gradient (Kingma and Ba, 2015).

const meanDecay = 0.9;
/** Shorter than usual, since a fit has a few hundred steps. */
const squareDecay = 0.97;
const tiny = 1e-12;

export class Adam {
  readonly #means: number[];
  readonly #squares: number[];
  #steps = 0;

  constructor(size: number) {
    this.#means = new Array<number>(size).fill(0);
    this.#squares = new Array<number>(size).fill(0);
  }

  /** The way to go from here, each number about as long as `stepSize` while the gradient keeps its direction. */
  step(gradient: readonly number[], stepSize: number): readonly number[] {
    this.#steps += 1;
    const meanShare = 1 - meanDecay ** this.#steps;
    const squareShare = 1 - squareDecay ** this.#steps;
    return gradient.map((slope, place) => {
      const mean = meanDecay * (this.#means[place] ?? 0) + (1 - meanDecay) * slope;
      const square = squareDecay * (this.#squares[place] ?? 0) + (1 - squareDecay) * slope * slope;
      this.#means[place] = mean;
      this.#squares[place] = square;
      return (-stepSize * (mean / meanShare)) / (Math.sqrt(square / squareShare) + tiny);
    });
  }
}
