// A command that is done ends the process, whatever is still open.

/** Milliseconds that others have to let go by themselves. */
const patience = 2000;

/** The same exit code; the process ends with it soon, even if something is left that would keep it alive. */
export function exitSoon(exitCode: number): number {
  setTimeout(() => process.exit(exitCode), patience).unref();
  return exitCode;
}
