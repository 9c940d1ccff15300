// Data goes to standard output, everything else to standard error.

/** Prints what the command was asked for. */
export function print(text: string): void {
  process.stdout.write(lineOf(text));
}

/** Prints what a person should know. */
export function printError(text: string): void {
  process.stderr.write(lineOf(text));
}

/** Control characters other than line ends and tabs. */
const controls = /[^\P{Cc}\n\t]/gu;

/** Names of files and devices, and what others wrote, may hold sequences that terminals obey. */
function lineOf(text: string): string {
  const plain = text.replace(controls, '\uFFFD');
  return plain.endsWith('\n') ? plain : `${plain}\n`;
}
