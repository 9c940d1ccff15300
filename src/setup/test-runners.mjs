import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { nativeBuildFolder } from './native-build.mjs';
import { inRepository, root } from './repository.mjs';
import { corpusFolder, fuzzTarget, sanitizerEnvironment, sanitizerFolder } from './sanitizers.mjs';
import { readCtestReport, readVitestReport, sumOutcomes } from './test-results.mjs';

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
 * @param {NodeJS.ProcessEnv} [environment] added to this process's
 */
function runReporting(reportName, command, read, environment = {}) {
  const reportPath = `${reportFolder}/${reportName}`;
  mkdirSync(reportFolder, { recursive: true });
  rmSync(reportPath, { force: true });
  const [program, ...args] = command(reportPath);
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } });
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

/**
 * @param {string} reportName
 * @param {string} folder the build folder of the tests
 * @param {readonly string[]} [options] passed to CTest
 * @param {NodeJS.ProcessEnv} [environment] added to this process's
 */
function runCtestReporting(reportName, folder, options = [], environment = {}) {
  return runReporting(
    reportName,
    (report) => [
      'ctest',
      '--test-dir',
      folder,
      '--output-on-failure',
      '--no-tests=error',
      '--parallel',
      String(availableParallelism()),
      '--output-junit',
      report,
      ...options,
    ],
    readCtestReport,
    environment,
  );
}

/** Runs the tests under native/test/. @param {readonly string[]} [options] passed to CTest */
export function runCtest(options) {
  return runCtestReporting('ctest.xml', nativeBuildFolder, options);
}

/** Runs native tests under a sanitizer. @param {import('./sanitizers.mjs').Sanitizer} sanitizer @param {import('./sanitizers.mjs').Form} form */
export function runSanitized(sanitizer, form) {
  const { tests, environment } = sanitizer[form];
  // An hour is enough for the slowest test on the slowest machine.
  const options = ['--timeout', '3600', ...(tests ? ['--tests-regex', tests] : [])];
  return runCtestReporting(`${sanitizer.name}-sanitizer.xml`, sanitizerFolder(sanitizer, form), options, {
    ...sanitizerEnvironment,
    ...environment,
  });
}

/**
 * Tries the committed inputs of the fuzz target, then others that it makes of them: two tests.
 *
 * @param {readonly string[]} options passed to libFuzzer
 */
export function runFuzzer(options) {
  const found = inRepository('build', 'fuzz', 'found');
  mkdirSync(found, { recursive: true });
  const attempts = [
    ['-runs=0', corpusFolder],
    [`-artifact_prefix=${inRepository('build', 'fuzz')}/`, ...options, found, corpusFolder],
  ];
  return sumOutcomes(
    attempts.map((args) => {
      const env = { ...process.env, ...sanitizerEnvironment };
      const { status } = spawnSync(fuzzTarget, args, { cwd: root, stdio: 'inherit', env });
      const failure = { name: `the fuzzer: ${args.join(' ')}`, message: 'see what it printed above' };
      return status === 0
        ? { passed: 1, failed: 0, skipped: 0, failures: [] }
        : { passed: 0, failed: 1, skipped: 0, failures: [failure] };
    }),
  );
}

/** Runs those that AMP_LONG_TESTS makes longer: the engine against its reference. Hours are enough for the slowest machine. */
export function runLongCtest() {
  return runCtest(['--tests-regex', '^Reference\\.', '--timeout', '14400']);
}
