// Exit codes of every command.

export const exitCodes = {
  done: 0,
  /** The input is wrong; a message says where. */
  input: 1,
  /** The command line is wrong. */
  usage: 2,
  /** A device, a file or the machine failed. */
  failure: 3,
} as const;

/** What a shell expects of a program that a signal ended. */
export function exitCodeOfSignal(signalNumber: number): number {
  return 128 + signalNumber;
}
