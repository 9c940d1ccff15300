import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Ending, TemporaryCheckout } from './temporary-checkout.js';
import { makeTemporaryCheckout } from './temporary-checkout.js';

/** A machine on which all can be built, where CTest leaves a report and the fuzzer ends with an exit code. */
function makeMachine(report: string, fuzzerCode = 0): TemporaryCheckout {
  const checkout = makeTemporaryCheckout();
  checkout.addProgram('cmake', 'echo "cmake $*" >> "$CALLS"; [ "$1" = --build ] || [ -e native ]');
  checkout.addProgram('ctest', `while [ "$1" != --output-junit ]; do shift; done; echo '${report}' > "$2"`);
  checkout.write('native/a.cpp', '');
  const fuzzer = 'build/sanitizers/address-short/native/test/amp_fuzz_read_plan';
  checkout.write(fuzzer, `#!/bin/sh\nexit ${fuzzerCode}\n`);
  chmodSync(join(checkout.folder, fuzzer), 0o755);
  return checkout;
}

const passed = '<testcase name="a" status="run"/>';
const failed = '<testcase name="b" status="fail"/>';

function closing({ output, status }: Ending): readonly [string | undefined, number | null] {
  return [output.trimEnd().split('\n').at(-1), status];
}

describe('a script of a sanitizer', () => {
  test('closes with the sum of the native tests', () => {
    const ending = makeMachine(passed + passed).run('node', ['src/setup/test-sanitizer.mjs', 'thread']);
    expect(closing(ending)).toEqual(['2 passed, 0 failed', 0]);
  });

  test('fails if one of them does', () => {
    const ending = makeMachine(passed + failed).run('node', ['src/setup/test-sanitizer.mjs', 'address']);
    expect(closing(ending)).toEqual(['1 passed, 1 failed', 1]);
  });

  test.each([
    ['thread', 'thread'],
    ['address', 'address,undefined,fuzzer-no-link'],
    ['realtime', 'realtime'],
  ])('builds with that sanitizer, %s, in a folder of its own', (name, flags) => {
    const machine = makeMachine(passed);
    machine.run('node', ['src/setup/test-sanitizer.mjs', name]);
    expect(machine.calls()[0]).toMatch(
      `-B build/sanitizers/${name}-full -G Ninja -DAMP_TESTS=ON -DAMP_SANITIZE=${flags} `,
    );
  });
});

describe('the script of the fuzzer', () => {
  test('counts the committed inputs and the search for others', () => {
    expect(closing(makeMachine('').run('node', ['src/setup/test-sanitizer.mjs', 'fuzz']))).toEqual([
      '2 passed, 0 failed',
      0,
    ]);
  });

  test('fails if the fuzzer finds something', () => {
    expect(closing(makeMachine('', 77).run('node', ['src/setup/test-sanitizer.mjs', 'fuzz']))).toEqual([
      '0 passed, 2 failed',
      1,
    ]);
  });
});
