// npm run bench [-- OPTIONS]: sets up, compiles the benchmark, runs it.
import { requireNodeVersion } from '../../src/setup/node-version.mjs';

requireNodeVersion();
const { runAloud } = await import('../../src/setup/command.mjs');
const { whenStale } = await import('../../src/setup/freshness.mjs');
const { provideTestProgram } = await import('../../src/setup/native-programs.mjs');
const { provideNodePackages } = await import('../../src/setup/node-packages.mjs');
const { inRepository, root } = await import('../../src/setup/repository.mjs');
const { runEntry, setUpToPlay } = await import('../../src/setup/set-up.mjs');
const { SetupError } = await import('../../src/setup/setup-error.mjs');
const { provideSystemPackages, toTest } = await import('../../src/setup/system-packages.mjs');

const compiled = 'build/bench/js/test/bench';
const launcher = 'build/bench/measure-command';

/** @type {import('../../src/setup/freshness.mjs').Step} */
const launcherStep = {
  stamp: 'build/stamps/bench-launcher',
  inputs: ['test/bench/measure/measure-command.c'],
  outputs: [launcher],
};

/** @param {readonly [string, ...string[]]} command @param {string} what */
function build(command, what) {
  if (runAloud(command).status !== 0) throw new SetupError(`${what} could not be built; the lines above say why.`);
}

function provideBenchmark() {
  build([process.execPath, 'node_modules/typescript/bin/tsc', '-p', 'test/bench'], 'The benchmark');
}

function provideLauncher() {
  const compile = /** @type {const} */ (['cc', '-std=c11', '-O2', '-Wall', '-Wextra', '-Werror', '-o', launcher]);
  whenStale(root, launcherStep, () => build([...compile, ...launcherStep.inputs], 'The program that measures'));
}

await runEntry(async () => {
  provideSystemPackages(toTest);
  provideNodePackages();
  provideBenchmark();
  const { readOptions, usage } = await import(inRepository(compiled, 'options.js'));
  const options = readOptions(process.argv.slice(2));
  if (typeof options === 'string') throw new SetupError(`${options}\n\n${usage}`, 2);
  setUpToPlay();
  provideLauncher();
  // Another engine was built by whoever names it.
  const renderPlan = options.engine ?? inRepository(provideTestProgram('amp_render_plan'));
  const { main } = await import(inRepository(compiled, 'main.js'));
  const goBack = inRepository(provideTestProgram('amp_go_back'));
  const telemetryCost = inRepository(provideTestProgram('amp_telemetry_cost'));
  process.chdir(root);
  process.exitCode = main(options, { root, launcher: inRepository(launcher), renderPlan, goBack, telemetryCost });
});
