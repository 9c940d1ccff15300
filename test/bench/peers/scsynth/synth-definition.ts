// A synth definition of SuperCollider's server: a list of unit generators in the order in which they run.

/** How often an output is computed, in the order of the format's codes: once, once a block, once a frame. */
export const rates = ['scalar', 'control', 'audio'] as const;
export type Rate = (typeof rates)[number];

/** An output of a unit generator that stands earlier in the list. */
export interface Wire {
  readonly unit: number;
  readonly output: number;
}

/** A number is a constant of single precision. */
export type Input = number | Wire;

export interface UnitGenerator {
  readonly className: string;
  readonly rate: Rate;
  readonly inputs: readonly Input[];
  readonly outputs: readonly Rate[];
  /** Which operator a BinaryOpUGen is; 0 for most classes. */
  readonly specialIndex: number;
}

export interface Parameter {
  readonly name: string;
  readonly value: number;
}

export interface SynthDefinition {
  readonly name: string;
  /** Set by name when a synth is made; a Control unit brings them into the graph. */
  readonly parameters: readonly Parameter[];
  readonly units: readonly UnitGenerator[];
}

export interface UnitOptions {
  readonly rate?: Rate;
  readonly outputs?: number;
  readonly specialIndex?: number;
}

/** Puts unit generators together one after another. */
export class SynthBuilder {
  readonly #name: string;
  readonly #parameters: readonly Parameter[];
  readonly #units: UnitGenerator[] = [];

  /** Parameters come first, as the outputs of one Control unit. */
  constructor(name: string, parameters: readonly Parameter[] = []) {
    this.#name = name;
    this.#parameters = parameters;
    if (parameters.length > 0) {
      this.add('Control', [], { rate: 'control', outputs: parameters.length });
    }
  }

  /** The wire of the parameter of that name. */
  parameter(name: string): Wire {
    const output = this.#parameters.findIndex((parameter) => parameter.name === name);
    if (output < 0) {
      throw new Error(`synth definition ${this.#name} has no parameter ${name}`);
    }
    return { unit: 0, output };
  }

  /** Adds a unit generator, at audio rate and with one output unless told otherwise; gives its first output. */
  add(className: string, inputs: readonly Input[], options: UnitOptions = {}): Wire {
    const { rate = 'audio', outputs = 1, specialIndex = 0 } = options;
    this.#units.push({ className, rate, inputs, outputs: new Array<Rate>(outputs).fill(rate), specialIndex });
    return { unit: this.#units.length - 1, output: 0 };
  }

  build(): SynthDefinition {
    return { name: this.#name, parameters: this.#parameters, units: this.#units };
  }
}
