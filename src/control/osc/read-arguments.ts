// The arguments that commands take, of whichever type a sender writes them.

import type { OscArgument } from './packet.js';

/** A number of any type in which it fits; true is 1 and false is 0. Nothing for what is none, is infinite or is not a number. */
export function numberOf(argument: OscArgument | undefined): number | undefined {
  switch (argument?.type) {
    case 'i':
    case 'f':
    case 'd':
      return Number.isFinite(argument.value) ? argument.value : undefined;
    case 'h':
      return Number(argument.value);
    case 'T':
      return 1;
    case 'F':
      return 0;
    default:
      return undefined;
  }
}

/** A whole number from `least` to `most`. */
export function integerOf(argument: OscArgument | undefined, least: number, most: number): number | undefined {
  const number = numberOf(argument);
  return number !== undefined && Number.isInteger(number) && number >= least && number <= most ? number : undefined;
}

/** A string or symbol. */
export function textOf(argument: OscArgument | undefined): string | undefined {
  return argument?.type === 's' || argument?.type === 'S' ? argument.value : undefined;
}

/** The arguments as a message names them: `i 1, f 0.5`. */
export function describeArguments(list: readonly OscArgument[]): string {
  const shown = list.slice(0, 4).map(describeArgument);
  return list.length === 0 ? 'no argument' : [...shown, ...(list.length > 4 ? ['…'] : [])].join(', ');
}

function describeArgument(argument: OscArgument): string {
  switch (argument.type) {
    case 'i':
    case 'f':
    case 'd':
    case 'h':
    case 't':
      return `${argument.type} ${argument.value}`;
    case 's':
    case 'S':
    case 'c':
      return `${argument.type} ${JSON.stringify(argument.value.slice(0, 40))}`;
    default:
      return argument.type;
  }
}
