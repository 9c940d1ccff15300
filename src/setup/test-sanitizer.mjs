// npm run test:sanitize:thread, test:sanitize:address, test:sanitize:realtime: all native tests under one sanitizer.
// npm run test:fuzz [-- LIBFUZZER-OPTIONS]: fuzzes the plan reader, for five minutes if the options do not say.
import { requireNodeVersion } from './node-version.mjs';

requireNodeVersion();
const { runEntry, setUpSanitized } = await import('./set-up.mjs');
const { sanitizers } = await import('./sanitizers.mjs');
const { runFuzzer, runSanitized } = await import('./test-runners.mjs');
const { closingReport, exitCodeOf, noReport } = await import('./test-results.mjs');

const [what, ...options] = process.argv.slice(2);

// What stands if the set-up fails.
let outcome = noReport;

await runEntry(() => {
  if (what === 'fuzz') {
    setUpSanitized(sanitizers.address, 'short');
    outcome = runFuzzer(['-max_total_time=300', ...options]);
  } else {
    const sanitizer = sanitizers[/** @type {keyof typeof sanitizers} */ (what)];
    setUpSanitized(sanitizer, 'full');
    outcome = runSanitized(sanitizer, 'full');
  }
  process.exitCode = exitCodeOf(outcome);
});

console.log(`\n${closingReport(outcome)}`);
