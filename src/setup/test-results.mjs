/**
 * The outcome of one suite of tests.
 *
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {readonly Failure[]} failures those that have a name: a runner that broke down fails without one
 */

/** @typedef {{ readonly name: string, readonly message: string }} Failure */

/**
 * The parts of Vitest's JSON report that are read here.
 *
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {readonly VitestFile[]} testResults
 */

/**
 * @typedef {object} VitestFile
 * @property {string} name the file's path
 * @property {string} status
 * @property {string} [message] why it could not be loaded
 * @property {ReadonlyArray<{ status: string, fullName: string, failureMessages: readonly string[] }>} assertionResults
 */

/** What a suite is that did not even report. @type {Outcome} */
export const noReport = { passed: 0, failed: 1, skipped: 0, failures: [] };

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
  if (report === undefined) return noReport;
  /** @type {VitestReport} */
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(report);
  // A file that cannot be loaded, or whose hook throws, fails without a failed test.
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  const failedTests = testResults.flatMap((file) =>
    file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => ({
        name: `${file.name}: ${fullName}`,
        message: failureMessages.join('\n'),
      })),
  );
  const outcome = {
    passed: numPassedTests,
    failed: numFailedTests + brokenFiles.length,
    skipped: numPendingTests + numTodoTests,
    failures: [...failedTests, ...brokenFiles.map(({ name, message = '' }) => ({ name, message }))],
  };
  return heedExitCode(outcome, exitCode);
}

/**
 * @param {string | undefined} report CTest's JUnit report, if it wrote one
 * @param {number} exitCode
 * @returns {Outcome}
 */
export function readCtestReport(report, exitCode) {
  if (report === undefined) return noReport;
  /** @type {Failure[]} */
  const failures = [];
  let [passed, failed, skipped] = [0, 0, 0];
  for (const [testCase] of report.matchAll(/<testcase\b[^>]*?(?:\/>|>.*?<\/testcase>)/gs)) {
    const status = /\bstatus="(\w+)"/.exec(testCase)?.[1];
    // A program that is missing is `notrun` too, but nobody asked to skip it.
    const isSkipped = status === 'disabled' || (status === 'notrun' && testCase.includes('<skipped message="SKIP_'));
    if (status === 'run') passed += 1;
    else if (isSkipped) skipped += 1;
    else {
      failed += 1;
      failures.push(readCtestFailure(testCase));
    }
  }
  return heedExitCode({ passed, failed, skipped, failures }, exitCode);
}

/** @param {string} testCase its element in CTest's report @returns {Failure} */
function readCtestFailure(testCase) {
  const name = /\bname="([^"]*)"/.exec(testCase)?.[1] ?? '';
  const output = /<system-out>(.*?)<\/system-out>/s.exec(testCase)?.[1] ?? '';
  return { name: fromXml(name), message: fromXml(output) };
}

/** @param {string} text */
function fromXml(text) {
  const characters = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(
    /&(lt|gt|quot|apos|amp);/g,
    (_, name) => characters[/** @type {keyof typeof characters} */ (name)],
  );
}

/** @param {readonly Outcome[]} outcomes @returns {Outcome} */
export function sumOutcomes(outcomes) {
  return outcomes.reduce(
    (sum, { passed, failed, skipped, failures }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
      failures: [...sum.failures, ...failures],
    }),
    { passed: 0, failed: 0, skipped: 0, failures: /** @type {readonly Failure[]} */ ([]) },
  );
}

/** How much of a failure's message is told again at the end of a run: its tail, where programs say what went wrong. */
const toldLines = 30;

/** @param {Failure} failure */
function retell({ name, message }) {
  return [`failed: ${name}`, ...message.trimEnd().split('\n').slice(-toldLines)].join('\n    ');
}

/**
 * The end of a run, whose log may be long: what failed once more, then one line that machines read.
 *
 * @param {Outcome} outcome
 */
export function closingReport({ passed, failed, skipped, failures }) {
  const skippedLine = skipped > 0 ? [`skipped tests: ${skipped}`] : [];
  return [...failures.map(retell), ...skippedLine, `${passed} passed, ${failed} failed`].join('\n\n');
}

/** A run proves something only if a test ran and none failed. @param {Outcome} outcome */
export function exitCodeOf({ passed, failed }) {
  return passed > 0 && failed === 0 ? 0 : 1;
}
