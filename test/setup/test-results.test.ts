import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  closingLine,
  exitCodeOf,
  readCtestReport,
  readVitestReport,
  sumOutcomes,
} from '../../src/setup/test-results.mjs';

const vitestReport = (report: object): string =>
  JSON.stringify({
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [],
    ...report,
  });

const ctestReport = (...cases: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="x"\n\ttests="${cases.length}">\n${cases.join('\n')}\n</testsuite>`;

const passedCase =
  '\t<testcase name="Wheel.wraps" classname="Wheel.wraps" time="0.1" status="run">\n\t\t<system-out>OK</system-out>\n\t</testcase>';
const failedCase = '\t<testcase name="Wheel.grows" time="0.1" status="fail">\n\t\t<failure message=""/>\n\t</testcase>';
const skippedCase =
  '\t<testcase name="Rt.locks" time="0" status="notrun">\n\t\t<skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/>\n\t</testcase>';
const absentCase =
  '\t<testcase name="Plan_NOT_BUILT" time="0" status="notrun">\n\t\t<skipped message="Unable to find executable: plan"/>\n\t</testcase>';

describe("Vitest's report", () => {
  test('gives its counts', () => {
    const report = vitestReport({ numPassedTests: 5, numFailedTests: 2, numPendingTests: 3, numTodoTests: 1 });
    expect(readVitestReport(report, 1)).toEqual({ passed: 5, failed: 2, skipped: 4 });
  });

  test('counts a file that cannot be loaded as a failure', () => {
    const files = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
    ];
    expect(readVitestReport(vitestReport({ numFailedTests: 1, testResults: files }), 1).failed).toBe(2);
  });

  test('counts a failure that no test names, such as an unhandled error', () => {
    expect(readVitestReport(vitestReport({ numPassedTests: 5 }), 1).failed).toBe(1);
  });

  test('that was never written counts as a failure', () => {
    expect(readVitestReport(undefined, 0).failed).toBe(1);
  });
});

describe("CTest's report", () => {
  test('gives its counts', () => {
    const report = ctestReport(passedCase, failedCase, passedCase, skippedCase);
    expect(readCtestReport(report, 8)).toEqual({ passed: 2, failed: 1, skipped: 1 });
  });

  test('counts a test whose program was not built as a failure', () => {
    expect(readCtestReport(ctestReport(passedCase, absentCase), 8)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test('that was never written counts as a failure', () => {
    expect(readCtestReport(undefined, 0).failed).toBe(1);
  });
});

test('the closing line sums all suites', () => {
  const count = fc.nat({ max: 1e6 });
  const outcome = fc.record({ passed: count, failed: count, skipped: count });
  fc.assert(
    fc.property(outcome, outcome, (vitest, ctest) => {
      expect(closingLine(sumOutcomes([vitest, ctest]))).toBe(
        `${vitest.passed + ctest.passed} passed, ${vitest.failed + ctest.failed} failed`,
      );
    }),
  );
});

describe('the exit code', () => {
  test('is 0 if tests passed and none failed', () => {
    expect(exitCodeOf({ passed: 1, failed: 0, skipped: 2 })).toBe(0);
  });

  test('is not 0 if a test failed', () => {
    expect(exitCodeOf({ passed: 9, failed: 1, skipped: 0 })).toBe(1);
  });

  test('is not 0 if no test ran', () => {
    expect(exitCodeOf({ passed: 0, failed: 0, skipped: 4 })).toBe(1);
  });
});
