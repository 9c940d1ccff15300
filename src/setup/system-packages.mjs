import { readdirSync } from 'node:fs';
import { announce, capture, runAloud } from './command.mjs';
import { forget, whenStale } from './freshness.mjs';
import { root } from './repository.mjs';
import { SetupError } from './setup-error.mjs';

/** @typedef {{ readonly name: string, readonly why: string }} SystemPackage */
/** @typedef {{ readonly name: string, readonly packages: readonly SystemPackage[] }} Purpose */
/** @typedef {'root' | 'sudo' | 'none'} Rights how this user may install packages: as root, by sudo, or not from here */

/** What it takes to build and play. @type {Purpose} */
export const toPlay = {
  name: 'play',
  packages: [
    { name: 'g++', why: 'compiles the engine' },
    { name: 'make', why: 'CMake falls back to it' },
    { name: 'cmake', why: 'builds the engine' },
    { name: 'ninja-build', why: 'builds the engine in parallel' },
    { name: 'pkg-config', why: 'finds PortAudio' },
    { name: 'libeigen3-dev', why: 'arrays of the sound kernels' },
    { name: 'portaudio19-dev', why: 'sound cards' },
    { name: 'libasound2-dev', why: 'ALSA, below PortAudio and MIDI' },
  ],
};

/** What the tests need besides. @type {Purpose} */
export const toTest = {
  name: 'test',
  packages: [
    ...toPlay.packages,
    { name: 'libgtest-dev', why: 'GoogleTest, runs the native tests' },
    { name: 'strace', why: 'watches the system calls of the sound threads' },
    { name: 'jackd2', why: 'a real-time audio server with a dummy card' },
    { name: 'libjack-jackd2-dev', why: 'measures at the ports of that server' },
    { name: 'liblo-tools', why: 'oscsend and oscdump, the other side of OSC' },
  ],
};

/** What the sanitizers need besides. @type {Purpose} */
export const toSanitize = {
  name: 'sanitize',
  packages: [
    ...toTest.packages,
    { name: 'clang-22', why: 'compiles the engine with sanitizers; older ones have none for real time' },
    { name: 'libclang-rt-22-dev', why: 'those sanitizers, and libFuzzer' },
    { name: 'llvm-22', why: 'names the functions in what they report' },
  ],
};

/** What the lab's guest machine needs besides; its kernel is never installed (lab-machine.mjs). @type {Purpose} */
export const toLab = {
  name: 'lab',
  packages: [
    ...toTest.packages,
    { name: 'qemu-system-x86', why: 'runs a machine that has a sound system' },
    { name: 'kmod', why: "loads that machine's sound cards" },
    { name: 'alsa-utils', why: 'aplaymidi, aconnect and arecord, the other side of MIDI and of sound cards' },
  ],
};

/**
 * The packages that dpkg does not know as installed.
 *
 * @param {readonly SystemPackage[]} wanted
 * @param {string} dpkgOutput a line `NAME STATUS` for each package that dpkg knows
 */
export function missingPackages(wanted, dpkgOutput) {
  const installed = new Set(
    dpkgOutput
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.slice(0, line.indexOf(' '))),
  );
  return wanted.filter(({ name }) => !installed.has(name));
}

/**
 * The line to type that installs the packages.
 *
 * @param {readonly SystemPackage[]} missing @param {boolean} hasSudo
 */
export function lineToType(missing, hasSudo) {
  const install = `apt-get install --no-install-recommends -y ${missing.map(({ name }) => name).join(' ')}`;
  return hasSudo ? `sudo apt-get update && sudo ${install}` : `su -c 'apt-get update && ${install}'`;
}

/** One line a package: its name and what it is for. @param {readonly SystemPackage[]} packages */
export function describePackages(packages) {
  const width = Math.max(...packages.map(({ name }) => name.length));
  return packages.map(({ name, why }) => `  ${name.padEnd(width)}  ${why}`).join('\n');
}

/** @returns {Rights} */
function findRights() {
  if (process.getuid?.() === 0) return 'root';
  return capture(['sudo', '-n', 'true']).status === 0 ? 'sudo' : 'none';
}

/** @param {Rights} rights @param {string[]} args */
function aptGet(rights, args) {
  // Another installation may hold dpkg's lock for a while; asking questions would hang without a terminal.
  const command = ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=300', ...args];
  return runAloud(rights === 'sudo' ? ['sudo', '-n', 'env', ...command] : ['env', ...command]).status === 0;
}

/** Fetches the lists of packages anew. @returns {boolean} whether that was possible */
export function refreshPackageLists() {
  const rights = findRights();
  return rights !== 'none' && aptGet(rights, ['update']);
}

function hasPackageLists() {
  try {
    return readdirSync('/var/lib/apt/lists').some((name) => name.includes('_Packages'));
  } catch {
    return false;
  }
}

/** @param {readonly SystemPackage[]} missing @param {'root' | 'sudo'} rights */
function install(missing, rights) {
  const args = ['install', '--no-install-recommends', '-y', ...missing.map(({ name }) => name)];
  const installed = hasPackageLists() && aptGet(rights, args);
  // Lists that are absent or old name files that the archive no longer has.
  if (installed || (aptGet(rights, ['update']) && aptGet(rights, args))) return;
  throw new SetupError('The packages could not be installed; apt-get says why above.');
}

/** @param {readonly SystemPackage[]} wanted */
function provide(wanted) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: these are placeholders of dpkg-query
  const probe = capture(['dpkg-query', '-W', '-f', '${Package} ${db:Status-Status}\n', ...wanted.map((p) => p.name)]);
  if (probe.status === 127) {
    announce('this is not Debian, so nothing was checked. Install what these Debian packages hold:');
    process.stderr.write(`${describePackages(wanted)}\n`);
    return;
  }
  const missing = missingPackages(wanted, probe.output);
  if (missing.length === 0) return;

  const rights = findRights();
  if (rights === 'none') {
    const hasSudo = capture(['sudo', '--version']).status === 0;
    throw new SetupError(
      `amp-live needs Debian packages that are not installed:\n${describePackages(missing)}\n` +
        `Type this, then try again:\n  ${lineToType(missing, hasSudo)}`,
    );
  }
  announce(`installs these Debian packages${rights === 'sudo' ? ' by sudo' : ''}:`);
  process.stderr.write(`${describePackages(missing)}\n`);
  install(missing, rights);
}

/** @param {Purpose} purpose @returns {import('./freshness.mjs').Step} */
function stepFor({ name, packages }) {
  return {
    stamp: `build/stamps/system-packages-to-${name}`,
    inputs: ['/var/lib/dpkg/status'],
    outputs: [],
    version: packages.map((wanted) => wanted.name).join(' '),
  };
}

/**
 * Makes sure that the system packages are installed: installs them if this user may, else throws the line to type.
 *
 * @param {Purpose} purpose
 */
export function provideSystemPackages(purpose) {
  const step = stepFor(purpose);
  const work = () => provide(purpose.packages);
  whenStale(root, step, work);
  // An installation changes dpkg's status, so this second look proves that nothing is missing any more.
  whenStale(root, step, work);
}

/** Makes the next start look at the system packages again, because something that needs them failed. */
export function doubtSystemPackages() {
  for (const purpose of [toPlay, toTest, toSanitize, toLab]) forget(root, stepFor(purpose));
}
