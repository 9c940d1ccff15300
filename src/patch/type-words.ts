// What the declaration of a node type says, in the words of the pages and of `amp-live nodes`.

import type { NodeType, OptionDeclaration, ParameterDeclaration } from './node-types.js';
import { isChoiceOption } from './node-types.js';

const unitNames = { hertz: ' Hz', seconds: ' s', ratio: '', none: '', octaves: ' octaves', turns: ' turns' } as const;

/** `10 to 20000 Hz`. */
export function parameterRange({ minimum, maximum, unit }: ParameterDeclaration): string {
  return `${minimum} to ${maximum}${unitNames[unit]}`;
}

/** The range or the choices. */
export function optionRange(option: OptionDeclaration): string {
  return isChoiceOption(option) ? option.choices.join(', ') : `${option.minimum} to ${option.maximum}`;
}

export function optionDefault(option: OptionDeclaration): string {
  return isChoiceOption(option) ? (option.choices[option.default] ?? '') : `${option.default}`;
}

export function latencyInWords({ latency }: NodeType): string {
  return latency === 0 ? 'none' : `${latency} frames`;
}

export function tailInWords({ tail, envelope }: NodeType): string {
  if (envelope) {
    return 'ends with its release';
  }
  return tail === 0 ? 'none' : tail < 0 ? 'endless' : `${tail} s`;
}

export function heatInWords({ thermal: { gain, tau } }: NodeType): string {
  return `${gain} degrees a second at full-scale power, ${tau} s to cool to 1/e`;
}

export function differentiableInWords({ differentiable }: NodeType): string {
  return differentiable === true ? 'yes' : `no: ${differentiable}`;
}

/** Of each tap: what it is there for, and of an input what it reads where there is nothing. */
export function absentInWords({ absent, default: usual }: NodeType['inputs'][number]): string {
  const value = absent === 'hold' ? `the last frame, else ${usual}` : `${usual}`;
  return absent === 'optional' ? `${value}; works without` : value;
}

export const exampleOf = ({ name }: Pick<NodeType, 'name'>): string => `patches/examples/${name}.jsonc`;
