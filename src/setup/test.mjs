// npm test [-- VITEST-OPTIONS]: sets up and runs all tests. With --only=vitest, --only=ctest, --only=sanitizers or --only=lab one of
// the suites; with --only=long what takes minutes, which AMP_LONG_TESTS makes of some tests.
import { requireNodeVersion } from './node-version.mjs';

requireNodeVersion();
const { runEntry, setUpLab, setUpNativeTests, setUpSanitized, setUpUnitTests } = await import('./set-up.mjs');
const { sanitizers } = await import('./sanitizers.mjs');
const { runCtest, runFuzzer, runLab, runLongCtest, runSanitized, runVitest } = await import('./test-runners.mjs');
const { closingReport, exitCodeOf, noReport, sumOutcomes } = await import('./test-results.mjs');

const args = process.argv.slice(2);
const only = args.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
const vitestOptions = args.filter((arg) => !arg.startsWith('--only='));
/** @param {string} suite */
const includes = (suite) => only === undefined || only === suite;

// What stands if the set-up fails.
let sum = noReport;

await runEntry(() => {
  const isLong = only === 'long';
  if (includes('vitest') || isLong) setUpUnitTests();
  if (includes('ctest') || isLong) setUpNativeTests();
  if (includes('sanitizers')) for (const sanitizer of Object.values(sanitizers)) setUpSanitized(sanitizer, 'short');
  if (includes('lab')) setUpLab();
  const outcomes = [];
  if (includes('vitest')) outcomes.push(runVitest(vitestOptions));
  if (includes('ctest')) outcomes.push(runCtest());
  if (isLong) {
    outcomes.push(runVitest(['--project', 'live', ...vitestOptions]));
    outcomes.push(runVitest(['--project', 'main', 'test/acceptance/fit.test.ts']));
    outcomes.push(runLongCtest());
  }
  if (includes('sanitizers')) {
    // The full forms have npm scripts of their own. A seed, so that who changes something else finds nothing new.
    for (const sanitizer of Object.values(sanitizers)) outcomes.push(runSanitized(sanitizer, 'short'));
    outcomes.push(runFuzzer(['-max_total_time=10', '-seed=1']));
  }
  // The other cases take minutes: npm run lab has them all.
  if (includes('lab')) outcomes.push(runLab(['test/lab/quick']));
  sum = sumOutcomes(outcomes);
  process.exitCode = exitCodeOf(sum);
});

console.log(`\n${closingReport(sum)}`);
