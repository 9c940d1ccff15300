// Boots the guest machine, runs a case in it, and gives what came of it.

import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { labReleaseFolder } from '../../src/setup/native-programs.mjs';

const checkout = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const labFolder = join(checkout, 'build', 'lab');
const guestFolder = join(checkout, 'test', 'lab', 'guest');

/** How long a guest may take, in seconds of the host; several times as long as any case does on a busy machine. */
const mostSeconds = 300;

/** What a case left. */
export interface GuestRun {
  /** The case's exit code; undefined if the guest ended, or was ended, before the case did. */
  readonly exitCode: number | undefined;
  /** All that the guest printed. */
  readonly console: string;
  /** The bytes of a file that the case wrote into /run/lab; throws with the console's text if there is none. */
  readonly read: (name: string) => Buffer;
}

/** What the guest is to run. */
export interface GuestCase {
  /** Names the folder below build/lab that keeps the console's text and the results after the run. */
  readonly name: string;
  /** The path of a Bash script; it may use the commands of guest/commands.sh, and begins in the checkout. */
  readonly script: string;
  /** After how many seconds of the host the guest is ended, whatever it does; else after five minutes. */
  readonly seconds?: number;
  /** Files that it finds in /run/lab, by name. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

/** Runs a case in a guest of its own. No process is left when it is done, however that came. */
export async function runInGuest(guestCase: GuestCase): Promise<GuestRun> {
  const { name, script, seconds = mostSeconds, files = {} } = guestCase;
  const results = join(labFolder, name);
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const environment = {
    LAB_CHECKOUT: checkout,
    LAB_GUEST: guestFolder,
    LAB_MACHINE: join(labFolder, 'machine'),
    LAB_RELEASE: join(checkout, labReleaseFolder),
    LAB_CASE: script,
  };
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(join(results, file), content);
  }
  const lines = Object.entries(environment).map(([variable, value]) => `export ${variable}=${quote(value)}\n`);
  writeFileSync(join(results, 'environment'), lines.join(''));

  const text = await boot(results, seconds);
  const ending = /^lab: the case ended with (\d+)/m.exec(text)?.[1];
  return {
    exitCode: ending === undefined ? undefined : Number(ending),
    console: text,
    read: (file) => {
      try {
        return readFileSync(join(results, file));
      } catch (cause) {
        throw new Error(`The case left no file ${file}. The guest printed:\n${text}`, { cause });
      }
    },
  };
}

/** Ends when the guest has powered off, or is made to end after some seconds; gives what it printed. */
function boot(results: string, seconds: number): Promise<string> {
  return new Promise((resolve, reject) => {
    // If this process dies, however that comes, the kernel ends the guest too.
    const guest = spawn('setpriv', ['--pdeathsig', 'KILL', 'qemu-system-x86_64', ...machineOptions(results)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(join(results, 'console.log'));
    let text = '';
    const note = (part: string) => {
      text += part;
      log.write(part);
    };
    for (const stream of [guest.stdout, guest.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => note(part.replaceAll('\r', '')));
    }
    const timer = setTimeout(() => {
      note(`\nlab: the guest was ended after ${seconds} s\n`);
      guest.kill('SIGKILL');
    }, seconds * 1000);
    guest.once('error', reject);
    guest.once('close', () => {
      clearTimeout(timer);
      log.end(() => resolve(text));
    });
  });
}

function machineOptions(results: string): readonly string[] {
  return [
    // The guest's clock counts instructions, one a nanosecond, and leaps over idle time. So the guest is a machine that is always
    // fast enough and never late, however slow or busy the host is.
    ...['-accel', 'tcg', '-icount', 'shift=0,sleep=off', '-rtc', 'clock=vm'],
    // Processors that count instructions take turns of many milliseconds: two would keep each other waiting.
    ...['-cpu', 'max', '-smp', '1', '-m', '2048'],
    ...['-nodefaults', '-nographic', '-no-reboot', '-serial', 'stdio'],
    ...['-kernel', join(labFolder, 'kernel'), '-initrd', join(labFolder, 'initramfs.gz')],
    ...['-append', 'console=ttyS0 panic=-1 quiet'],
    ...share('host', '/', 'readonly=on'),
    ...share('results', results, 'readonly=off'),
  ];
}

/** A folder of the host that the guest can mount by its tag. */
function share(tag: string, path: string, mode: string): readonly string[] {
  const escaped = path.replaceAll(',', ',,');
  return ['-virtfs', `local,mount_tag=${tag},path=${escaped},security_model=none,multidevs=remap,${mode}`];
}

/** A word of a shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
