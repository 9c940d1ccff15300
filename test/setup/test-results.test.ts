import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  closingReport,
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
const failedCase =
  '\t<testcase name="Wheel.grows" time="0.1" status="fail">\n\t\t<failure message=""/>\n\t\t<system-out>3 &lt; 2</system-out>\n\t</testcase>';
const skippedCase =
  '\t<testcase name="Rt.locks" time="0" status="notrun">\n\t\t<skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/>\n\t</testcase>';
const absentCase =
  '\t<testcase name="Plan_NOT_BUILT" time="0" status="notrun">\n\t\t<skipped message="Unable to find executable: plan"/>\n\t</testcase>';

describe("Vitest's report", () => {
  test('gives its counts', () => {
    const report = vitestReport({ numPassedTests: 5, numFailedTests: 2, numPendingTests: 3, numTodoTests: 1 });
    expect(readVitestReport(report, 1)).toMatchObject({ passed: 5, failed: 2, skipped: 4 });
  });

  const failedTest = { status: 'failed', fullName: 'a wheel wraps', failureMessages: ['expected 3 to be 2'] };

  test('names the tests that failed', () => {
    const file = { name: 'wheel.test.ts', status: 'failed', assertionResults: [failedTest] };
    expect(readVitestReport(vitestReport({ numFailedTests: 1, testResults: [file] }), 1).failures).toEqual([
      { name: 'wheel.test.ts: a wheel wraps', message: 'expected 3 to be 2' },
    ]);
  });

  test('names a file that cannot be loaded', () => {
    const file = { name: 'wheel.test.ts', status: 'failed', message: 'no such file', assertionResults: [] };
    expect(readVitestReport(vitestReport({ testResults: [file] }), 1).failures).toEqual([
      { name: 'wheel.test.ts', message: 'no such file' },
    ]);
  });

  test('counts a file that cannot be loaded as a failure', () => {
    const files = [
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [failedTest] },
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
    expect(readCtestReport(report, 8)).toMatchObject({ passed: 2, failed: 1, skipped: 1 });
  });

  test('names the tests that failed, with what they printed', () => {
    expect(readCtestReport(ctestReport(passedCase, failedCase), 8).failures).toEqual([
      { name: 'Wheel.grows', message: '3 < 2' },
    ]);
  });

  test('counts a test whose program was not built as a failure', () => {
    expect(readCtestReport(ctestReport(passedCase, absentCase), 8)).toMatchObject({ passed: 1, failed: 1, skipped: 0 });
  });

  test('that was never written counts as a failure', () => {
    expect(readCtestReport(undefined, 0).failed).toBe(1);
  });
});

test('the last line sums all suites', () => {
  const count = fc.nat({ max: 1e6 });
  const failures = fc.array(fc.record({ name: fc.string(), message: fc.string() }));
  const outcome = fc.record({ passed: count, failed: count, skipped: count, failures });
  fc.assert(
    fc.property(outcome, outcome, (vitest, ctest) => {
      expect(
        closingReport(sumOutcomes([vitest, ctest]))
          .split('\n')
          .at(-1),
      ).toBe(`${vitest.passed + ctest.passed} passed, ${vitest.failed + ctest.failed} failed`);
    }),
  );
});

test('the end of a run tells again what failed, and the last lines of what it printed', () => {
  const message = Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n');
  const report = closingReport({ passed: 1, failed: 1, skipped: 0, failures: [{ name: 'Wheel.grows', message }] });
  expect(report).toMatch(/failed: Wheel\.grows\n {4}line 70\n[\s\S]*line 99\n\n1 passed, 1 failed$/);
});

describe('the exit code', () => {
  test('is 0 if tests passed and none failed', () => {
    expect(exitCodeOf({ passed: 1, failed: 0, skipped: 2, failures: [] })).toBe(0);
  });

  test('is not 0 if a test failed', () => {
    expect(exitCodeOf({ passed: 9, failed: 1, skipped: 0, failures: [] })).toBe(1);
  });

  test('is not 0 if no test ran', () => {
    expect(exitCodeOf({ passed: 0, failed: 0, skipped: 4, failures: [] })).toBe(1);
  });
});
