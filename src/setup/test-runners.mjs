import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { nativeBuildFolder } from './native-build.mjs';
import { inRepository, root } from './repository.mjs';
import { readCtestReport, readVitestReport } from './test-results.mjs';

const reportFolder = inRepository('build', 'test-results');

/** @param {string} path @returns {string | undefined} */
function readReport(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Runs a test runner with its output in sight and reads the report that it leaves.
 *
 * @template Outcome
 * @param {string} reportName
 * @param {(reportPath: string) => [string, ...string[]]} command
 * @param {(report: string | undefined, exitCode: number) => Outcome} read
 */
function runReporting(reportName, command, read) {
  const reportPath = `${reportFolder}/${reportName}`;
  mkdirSync(reportFolder, { recursive: true });
  rmSync(reportPath, { force: true });
  const [program, ...args] = command(reportPath);
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  return read(readReport(reportPath), status ?? 1);
}

/** @param {string} reportName @param {readonly string[]} options passed to Vitest */
function runVitestReporting(reportName, options) {
  return runReporting(
    reportName,
    (report) => [
      process.execPath,
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...options,
    ],
    readVitestReport,
  );
}

/** Runs the tests under test/, but not the lab's. @param {readonly string[]} options passed to Vitest */
export function runVitest(options) {
  return runVitestReporting('vitest.json', options);
}

/**
 * Runs the cases under test/lab/, each in a guest machine of its own.
 *
 * @param {readonly string[]} options passed to Vitest
 */
export function runLab(options) {
  return runVitestReporting('lab.json', ['--config', 'test/lab/vitest.config.ts', ...options]);
}

/** Runs the tests under native/test/. @param {readonly string[]} [options] passed to CTest */
export function runCtest(options = []) {
  return runReporting(
    'ctest.xml',
    (report) => [
      'ctest',
      '--test-dir',
      nativeBuildFolder,
      '--output-on-failure',
      '--no-tests=error',
      '--output-junit',
      report,
      ...options,
    ],
    readCtestReport,
  );
}

/** Runs those that AMP_LONG_TESTS makes longer: the engine against its reference. Hours are enough for the slowest machine. */
export function runLongCtest() {
  return runCtest(['--tests-regex', '^Reference\\.', '--timeout', '14400']);
}
