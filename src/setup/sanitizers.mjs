import { whenStale } from './freshness.mjs';
import { buildNative } from './native-build.mjs';
import { inRepository, root } from './repository.mjs';

/** @typedef {'short' | 'full'} Form `short` is a part of npm test; `full` has all native tests */

/**
 * What of the native tests is built and run.
 *
 * @typedef {object} Selection
 * @property {readonly string[]} targets what is built; none for all
 * @property {string} [tests] regular expression for names of tests; all without
 * @property {NodeJS.ProcessEnv} [environment] of the tests: how much those do that can do more or less
 */

/** @typedef {{ readonly name: string, readonly flags: string } & Readonly<Record<Form, Selection>>} Sanitizer */

/** Sanitizers as clang 22 has them, each with build folders of its own. @type {Readonly<Record<'thread' | 'address' | 'realtime', Sanitizer>>} */
export const sanitizers = {
  // Data races: whatever several threads run through.
  thread: {
    name: 'thread',
    flags: 'thread',
    short: {
      targets: ['amp_engine_tests', 'amp_run_tests'],
      tests:
        '^(Scheduler|AndWorkers/Programs|Completion|Drain|Gate|HandOver.Is|Growth.Gives|Take.GivesTheSame|Chains|UpToEight/InFlight.Each|OfBlocksInFlight/WholeSnapshot)',
    },
    full: { targets: [] },
  },
  // Memory and undefined behaviour; built so that libFuzzer can use the same engine.
  address: {
    name: 'address',
    flags: 'address,undefined,fuzzer-no-link',
    short: {
      targets: ['amp_arena_tests', 'amp_control_tests', 'amp_plan_tests', 'amp_fuzz_read_plan'],
      tests:
        '^(MutatedPlan.Is|PlanReader.RefusesA|Check|Layout|Units|OfNodes|OfEdges|OfOrder|OfGates|OfVoices|Arena|Sealer.Refuses|Sealer.Counts)',
      environment: { AMP_FUZZ_ROUNDS: '2000' },
    },
    full: { targets: [] },
  },
  // Allocations, locks and system calls of sound threads.
  realtime: {
    name: 'realtime',
    flags: 'realtime',
    short: {
      targets: ['amp_engine_tests', 'amp_real_time_sanitizer_tests'],
      tests:
        '^(Every/DeedOfAWorker|Worker|SameBits.ComeFromAny|Live[.]|LiveTime|Chains|Cohorts.GoOn|UpToEight/InFlight.Each)',
      environment: { AMP_FUZZ_PLANS: '2' },
    },
    full: { targets: [] },
  },
};

/** @param {Sanitizer} sanitizer @param {Form} form */
export const sanitizerFolder = ({ name }, form) => `build/sanitizers/${name}-${form}`;

/** A short form spends most of its time in the compiler, a full one in the tests. @type {Readonly<Record<Form, string>>} */
const optimization = { short: '0', full: '1' };

const { PATH: path } = process.env;

/** For sanitized programs: where they find the program that names functions, and how much they say. */
export const sanitizerEnvironment = {
  PATH: `/usr/lib/llvm-22/bin:${path}`,
  UBSAN_OPTIONS: 'print_stacktrace=1',
};

/** The fuzz target of the plan reader, a part of the build with AddressSanitizer. */
export const fuzzTarget = inRepository(sanitizerFolder(sanitizers.address, 'short'), 'native/test/amp_fuzz_read_plan');

/** Its committed inputs. */
export const corpusFolder = inRepository('native/test/fuzz/corpus');

/** Builds native tests with a sanitizer. @param {Sanitizer} sanitizer @param {Form} form */
export function provideSanitized(sanitizer, form) {
  const folder = sanitizerFolder(sanitizer, form);
  const step = {
    stamp: `build/stamps/${sanitizer.name}-sanitizer-${form}`,
    inputs: ['CMakeLists.txt', 'native'],
    outputs: [`${folder}/CMakeCache.txt`],
    version: sanitizer[form].targets.join(' '),
  };
  const options = [
    `-DAMP_SANITIZE=${sanitizer.flags}`,
    `-DAMP_SANITIZE_OPTIMIZATION=${optimization[form]}`,
    '-DAMP_LEVEL=x86-64-v2',
    '-DCMAKE_C_COMPILER=clang-22',
    '-DCMAKE_CXX_COMPILER=clang++-22',
  ];
  whenStale(root, step, () => buildNative(folder, options, sanitizer[form].targets));
}
