import { describe, expect, test } from 'vitest';
import {
  describePackages,
  lineToType,
  missingPackages,
  toLab,
  toPlay,
  toSanitize,
  toTest,
} from '../../src/setup/system-packages.mjs';
import type { TemporaryCheckout } from './temporary-checkout.js';
import { makeTemporaryCheckout } from './temporary-checkout.js';

const compiler = { name: 'g++', why: 'compiles the engine' };
const eigen = { name: 'libeigen3-dev', why: 'arrays' };

describe('missing packages', () => {
  test('are none if dpkg knows all as installed', () => {
    expect(missingPackages([compiler, eigen], 'g++ installed\nlibeigen3-dev installed\n')).toEqual([]);
  });

  test('are those that dpkg does not know', () => {
    expect(missingPackages([compiler, eigen], 'g++ installed\n')).toEqual([eigen]);
  });

  test('are also those that were removed but left their configuration', () => {
    expect(missingPackages([compiler, eigen], 'g++ installed\nlibeigen3-dev config-files\n')).toEqual([eigen]);
  });

  test('are told one a line with what they are for', () => {
    expect(describePackages([compiler, eigen])).toBe('  g++            compiles the engine\n  libeigen3-dev  arrays');
  });
});

describe('the line to type', () => {
  test('uses sudo where there is sudo', () => {
    expect(lineToType([compiler, eigen], true)).toBe(
      'sudo apt-get update && sudo apt-get install --no-install-recommends -y g++ libeigen3-dev',
    );
  });

  test('asks for the password of root where there is no sudo', () => {
    expect(lineToType([compiler, eigen], false)).toBe(
      "su -c 'apt-get update && apt-get install --no-install-recommends -y g++ libeigen3-dev'",
    );
  });
});

test('the tests need all that playing needs', () => {
  expect(toTest.packages).toEqual(expect.arrayContaining([...toPlay.packages]));
});

test('the sanitizers need all that the tests need', () => {
  expect(toSanitize.packages).toEqual(expect.arrayContaining([...toTest.packages]));
});

test('the lab needs all that the tests need', () => {
  expect(toLab.packages).toEqual(expect.arrayContaining([...toTest.packages]));
});

/** A Debian on which some packages are missing until apt-get has installed them. */
function makeMachine(missing: readonly string[]): TemporaryCheckout {
  const checkout = makeTemporaryCheckout();
  const list = (names: readonly string[]): string => names.map((name) => `echo '${name} installed'`).join('\n');
  const names = toPlay.packages.map(({ name }) => name);
  const present = names.filter((name) => !missing.includes(name));
  checkout.addProgram('dpkg-query', `if [ -e installed ]; then ${list(names)}; else ${list(present)}\nexit 1; fi`);
  checkout.addProgram('npm', 'echo "npm $*" >> "$CALLS"; exit 1');
  return checkout;
}

const install = 'install --no-install-recommends -y libeigen3-dev portaudio19-dev';
const missing = ['libeigen3-dev', 'portaudio19-dev'];
const aptGet = `case "$*" in
  *update) echo "$0 $*" >> "$CALLS"; : > updated;;
  *) echo "$0 $*" >> "$CALLS"; [ -e updated ] && : > installed;;
esac`;

describe('a user who may not install packages', () => {
  test('gets the line to type, on stderr, and exit code 3', () => {
    const machine = makeMachine(missing);
    machine.addProgram('sudo', '[ "$1" = --version ]');
    const { status, errors } = machine.run('node', ['src/setup/build.mjs'], { asNobody: true });
    expect(errors).toContain(`\n  ${lineToType([{ name: 'libeigen3-dev portaudio19-dev', why: '' }], true)}\n`);
    expect(status).toBe(3);
  });

  test('is told of su where there is no sudo', () => {
    const { errors } = makeMachine(missing).run('node', ['src/setup/build.mjs'], { asNobody: true });
    expect(errors).toContain(`\n  su -c 'apt-get update && apt-get ${install}'\n`);
  });

  test('sees nothing else begun', () => {
    const machine = makeMachine(missing);
    machine.run('node', ['src/setup/build.mjs'], { asNobody: true });
    expect(machine.calls()).toEqual([]);
  });
});

describe('a user with sudo that asks no password', () => {
  test('gets the missing packages installed, after an update where the lists are old', () => {
    const machine = makeMachine(missing);
    machine.addProgram('sudo', 'shift; "$@"');
    machine.addProgram('true', 'exit 0');
    machine.addProgram('apt-get', aptGet);
    machine.run('node', ['src/setup/build.mjs'], { asNobody: true });
    const asked = machine.calls().map((call) => call.replace(/^\S*\/|-o \S+ /g, ''));
    expect(asked.slice(-3)).toEqual(['apt-get update', `apt-get ${install}`, expect.stringMatching(/^npm ci /)]);
  });

  test('is told first what will be installed and why', () => {
    const machine = makeMachine(missing);
    machine.addProgram('sudo', 'shift; "$@"');
    machine.addProgram('true', 'exit 0');
    machine.addProgram('apt-get', 'echo BEGIN >&2; exit 1');
    const { errors } = machine.run('node', ['src/setup/build.mjs'], { asNobody: true });
    const told = errors.slice(0, errors.indexOf('BEGIN'));
    expect(told).toMatch(
      /installs these Debian packages by sudo:\n {2}libeigen3-dev +arrays .*\n {2}portaudio19-dev +sound cards\n/,
    );
  });
});

test('a machine without dpkg is told what it needs, and goes on', () => {
  const machine = makeTemporaryCheckout();
  machine.addProgram('npm', 'echo "npm $*" >> "$CALLS"; exit 1');
  const { errors } = machine.run('node', ['src/setup/build.mjs']);
  expect(errors).toContain(describePackages(toPlay.packages));
  expect(machine.calls()).toHaveLength(1);
});
