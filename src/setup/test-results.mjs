/**
 * The outcome of one suite of tests.
 *
 * @typedef {{ readonly passed: number, readonly failed: number, readonly skipped: number }} Outcome
 */

/**
 * The parts of Vitest's JSON report that are read here.
 *
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {ReadonlyArray<{ status: string, assertionResults: ReadonlyArray<{ status: string }> }>} testResults
 */

/** A runner that failed has failed at least once, even if no test says so. @param {Outcome} outcome @param {number} exitCode */
function heedExitCode(outcome, exitCode) {
  return exitCode !== 0 && outcome.failed === 0 ? { ...outcome, failed: 1 } : outcome;
}

/**
 * @param {string | undefined} report Vitest's JSON report, if it wrote one
 * @param {number} exitCode
 * @returns {Outcome}
 */
export function readVitestReport(report, exitCode) {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  /** @type {VitestReport} */
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(report);
  // A file that cannot be loaded, or whose hook throws, fails without a failed test.
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  const outcome = {
    passed: numPassedTests,
    failed: numFailedTests + brokenFiles.length,
    skipped: numPendingTests + numTodoTests,
  };
  return heedExitCode(outcome, exitCode);
}

/**
 * @param {string | undefined} report CTest's JUnit report, if it wrote one
 * @param {number} exitCode
 * @returns {Outcome}
 */
export function readCtestReport(report, exitCode) {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  let [passed, failed, skipped] = [0, 0, 0];
  for (const [testCase] of report.matchAll(/<testcase\b[^>]*?(?:\/>|>.*?<\/testcase>)/gs)) {
    const status = /\bstatus="(\w+)"/.exec(testCase)?.[1];
    // A program that is missing is `notrun` too, but nobody asked to skip it.
    const isSkipped = status === 'disabled' || (status === 'notrun' && testCase.includes('<skipped message="SKIP_'));
    if (status === 'run') passed += 1;
    else if (isSkipped) skipped += 1;
    else failed += 1;
  }
  return heedExitCode({ passed, failed, skipped }, exitCode);
}

/** @param {readonly Outcome[]} outcomes @returns {Outcome} */
export function sumOutcomes(outcomes) {
  return outcomes.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** The last line of a run, read by machines. @param {Outcome} outcome */
export function closingLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

/** A run proves something only if a test ran and none failed. @param {Outcome} outcome */
export function exitCodeOf({ passed, failed }) {
  return passed > 0 && failed === 0 ? 0 : 1;
}
