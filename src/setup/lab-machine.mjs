import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { capture, runAloud } from './command.mjs';
import { whenStale } from './freshness.mjs';
import { inRepository, root } from './repository.mjs';
import { SetupError } from './setup-error.mjs';
import { refreshPackageLists } from './system-packages.mjs';

// Debian's kernel and busybox are unpacked into the build folder and never installed: installing a kernel would write
// to /boot and remake the machine's own initramfs, and busybox-static would push out busybox.

/** Where Debian's kernel and its modules lie, as in their package. */
const machine = 'build/lab/machine';
/** The kernel that the guest boots. */
const kernel = 'build/lab/kernel';
const initramfs = 'build/lab/initramfs.gz';
const init = 'test/lab/guest/init';

/** Modules that the initramfs needs to see the host's files. */
const modulesToMount = ['virtio_pci', '9pnet_virtio', '9p', 'overlay'];

/** @type {import('./freshness.mjs').Step} */
const kernelStep = {
  stamp: 'build/stamps/lab-kernel',
  inputs: [],
  outputs: [kernel, `${machine}/bin/busybox`],
};

/** @type {import('./freshness.mjs').Step} */
const initramfsStep = {
  stamp: 'build/stamps/lab-initramfs',
  inputs: [kernel, init],
  outputs: [initramfs],
  version: modulesToMount.join(' '),
};

/** @param {readonly [string, ...string[]]} command @param {string} failure */
function must(command, failure) {
  if (runAloud(command).status !== 0) throw new SetupError(`${failure}; see above.`);
}

/** The package of the newest kernel in Debian's lists, if there is one. @returns {string | undefined} */
function findKernelPackage() {
  const { output } = capture(['apt-cache', '--no-all-versions', 'show', 'linux-image-amd64']);
  return /^Depends: (linux-image-\S+)/m.exec(output)?.[1];
}

function downloadKernel() {
  const folder = inRepository('build', 'lab', 'packages');
  rmSync(folder, { recursive: true, force: true });
  rmSync(inRepository(machine), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  mkdirSync(inRepository(machine), { recursive: true });

  const download = () => {
    const name = findKernelPackage();
    const command = ['sh', '-c', 'cd "$0" && apt-get download "$@"', folder, String(name), 'busybox-static'];
    return name !== undefined && runAloud(/** @type {[string, ...string[]]} */ (command)).status === 0;
  };
  // Lists that are absent or old name files that the archive no longer has.
  if (!download() && !(refreshPackageLists() && download())) {
    throw new SetupError("The lab's kernel could not be downloaded: it needs Debian's package lists for amd64.");
  }
  for (const file of readdirSync(folder)) {
    must(['dpkg-deb', '--extract', join(folder, file), inRepository(machine)], `${file} could not be unpacked`);
  }
  rmSync(folder, { recursive: true });
  must(['/sbin/depmod', '-b', inRepository(machine), kernelVersion()], 'The modules of the kernel could not be listed');
  copyFileSync(inRepository(machine, 'boot', `vmlinuz-${kernelVersion()}`), inRepository(kernel));
}

/** @returns {string} */
function kernelVersion() {
  const [version] = readdirSync(inRepository(machine, 'lib', 'modules'));
  if (version === undefined) throw new SetupError("The package of the lab's kernel holds no modules.");
  return version;
}

/** @returns {readonly string[]} the files of `modulesToMount` and what they depend on, in the order of loading */
function moduleFiles() {
  const { output } = capture([
    '/sbin/modprobe',
    ...['-d', inRepository(machine), '-S', kernelVersion(), '--show-depends', '-a', ...modulesToMount],
  ]);
  return [...new Set([...output.matchAll(/^insmod (\S+)/gm)].map(([, file]) => String(file)))];
}

function packInitramfs() {
  const folder = inRepository('build', 'lab', 'initramfs');
  rmSync(folder, { recursive: true, force: true });
  for (const name of ['bin', 'modules']) mkdirSync(join(folder, name), { recursive: true });
  copyFileSync(inRepository(machine, 'bin', 'busybox'), join(folder, 'bin', 'busybox'));
  copyFileSync(inRepository(init), join(folder, 'init'));
  chmodSync(join(folder, 'init'), 0o755);
  const modules = moduleFiles();
  for (const module of modules) copyFileSync(module, join(folder, 'modules', basename(module)));
  writeFileSync(join(folder, 'modules', 'order'), modules.map((module) => `${basename(module)}\n`).join(''));
  const busybox = inRepository(machine, 'bin', 'busybox');
  const pack = 'cd "$0" && find . | "$1" cpio -o -H newc | gzip -1 > "$2"';
  must(['bash', '-c', `set -o pipefail; ${pack}`, folder, busybox, inRepository(initramfs)], 'The initramfs failed');
  rmSync(folder, { recursive: true });
}

/** Makes ready the kernel and the initramfs that the lab's guest boots. */
export function provideLabMachine() {
  whenStale(root, kernelStep, downloadKernel);
  whenStale(root, initramfsStep, packInitramfs);
}
