// npm test [-- VITEST-OPTIONS]: sets up and runs all tests. With --only=vitest or --only=ctest one of the two suites.
import { requireNodeVersion } from './node-version.mjs';

requireNodeVersion();
const { runEntry, setUpNativeTests, setUpUnitTests } = await import('./set-up.mjs');
const { runCtest, runVitest } = await import('./test-runners.mjs');
const { closingLine, exitCodeOf, sumOutcomes } = await import('./test-results.mjs');

const args = process.argv.slice(2);
const only = args.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
const vitestOptions = args.filter((arg) => !arg.startsWith('--only='));
const withVitest = only !== 'ctest';
const withCtest = only !== 'vitest';

// What stands if the set-up fails.
let sum = { passed: 0, failed: 1, skipped: 0 };

await runEntry(() => {
  if (withVitest) setUpUnitTests();
  if (withCtest) setUpNativeTests();
  const outcomes = [];
  if (withVitest) outcomes.push(runVitest(vitestOptions));
  if (withCtest) outcomes.push(runCtest());
  sum = sumOutcomes(outcomes);
  process.exitCode = exitCodeOf(sum);
});

if (sum.skipped > 0) console.log(`\nskipped tests: ${sum.skipped}`);
console.log(`\n${closingLine(sum)}`);
