// npm run lab [-- VITEST-OPTIONS]: sets up and runs all cases of the lab (docs/lab.md), or those whose paths are named.
import { requireNodeVersion } from './node-version.mjs';

requireNodeVersion();
const { runEntry, setUpLab } = await import('./set-up.mjs');
const { runLab } = await import('./test-runners.mjs');
const { closingReport, exitCodeOf, noReport } = await import('./test-results.mjs');

// What stands if the set-up fails.
let outcome = noReport;

await runEntry(() => {
  setUpLab();
  outcome = runLab(process.argv.slice(2));
  process.exitCode = exitCodeOf(outcome);
});

console.log(`\n${closingReport(outcome)}`);
