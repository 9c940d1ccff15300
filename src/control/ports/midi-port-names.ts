// MIDI ports by name: the numbers in a name change whenever a device comes back.

/** A port of the system. */
export interface PortName {
  /** Position in the list that the system gives. */
  readonly index: number;
  /** As the system writes it, with its numbers. */
  readonly fullName: string;
  /** The part before the numbers. */
  readonly name: string;
}

const ownInputs = /^RtMidi Input Client:/;

/** Repeats to everybody what anybody sends to it. */
const throughPort = /^Midi Through:/;

/** The ports to open: all of other programs and devices but "Midi Through", or those with one of `wanted` in their names. */
export function portsToOpen(fullNames: readonly string[], wanted: readonly string[] | undefined): readonly PortName[] {
  const parts = wanted?.map((part) => part.toLowerCase());
  const isToOpen = ({ fullName }: PortName): boolean => {
    const isWanted = parts?.some((part) => fullName.toLowerCase().includes(part)) ?? !throughPort.test(fullName);
    return isWanted && fullName !== '' && !ownInputs.test(fullName);
  };
  return fullNames.map((fullName, index) => ({ index, fullName, name: withoutNumbers(fullName) })).filter(isToOpen);
}

/** `Keystation 49:Keystation 49 MIDI 1 20:0` without `20:0`. */
function withoutNumbers(fullName: string): string {
  return fullName.replace(/\s+\d+:\d+$/, '');
}
