/** Exit code when the machine lacks something that amp-live needs, or a build failed. */
export const EXIT_MACHINE = 3;

/** A failure that is explained wholly by its message: entry files print it without a stack and exit with its code. */
export class SetupError extends Error {
  /**
   * @param {string} message what failed and what helps
   * @param {number} [exitCode]
   */
  constructor(message, exitCode = EXIT_MACHINE) {
    super(message);
    this.name = 'SetupError';
    this.exitCode = exitCode;
  }
}
