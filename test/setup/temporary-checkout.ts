import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** How a program ended. */
export type Ending = { readonly status: number | null; readonly output: string; readonly errors: string };

/**
 * A checkout in a temporary folder that holds only the set-up, on a machine whose programs are the given shell scripts:
 * so a test can say what the machine has and see what the set-up asks of it.
 */
export type TemporaryCheckout = {
  readonly folder: string;
  readonly write: (path: string, text: string) => void;
  /** Adds a program to the machine. Scripts append to the file `$CALLS` what they want remembered. */
  readonly addProgram: (name: string, script: string) => void;
  /** Runs a program of the machine, or `node`, or `bash`, in the checkout. */
  readonly run: (program: string, args: readonly string[], options?: { readonly asNobody?: boolean }) => Ending;
  /** What the scripts remembered, a line each. */
  readonly calls: () => string[];
};

/** Makes a checkout that is removed when the test has finished. */
export function makeTemporaryCheckout(): TemporaryCheckout {
  const folder = mkdtempSync(join(tmpdir(), 'amp-setup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const programs = join(folder, 'machine');
  const callsFile = join(folder, 'calls');
  mkdirSync(programs);
  for (const path of ['package.json', 'package-lock.json', 'src/setup', '.ci']) {
    cpSync(join(repository, path), join(folder, path), { recursive: true });
  }
  symlinkSync(process.execPath, join(programs, 'node'));
  for (const tool of ['bash', 'cat', 'dirname', 'env', 'grep', 'mktemp', 'rm', 'sh', 'tail', 'tee']) {
    const path = ['/usr/bin', '/bin'].map((place) => join(place, tool));
    symlinkSync(
      path.find((candidate) => spawnSync('test', ['-x', candidate]).status === 0) ?? tool,
      join(programs, tool),
    );
  }
  writeFileSync(callsFile, '');

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  return {
    folder,
    write,
    addProgram: (name, script) => {
      writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(programs, name), 0o755);
    },
    run: (program, args, { asNobody = false } = {}) => {
      // Files made by root stay readable to all; only the folder itself is closed by mkdtemp.
      chmodSync(folder, 0o777);
      chmodSync(callsFile, 0o666);
      const nobody = asNobody && process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
      const env = { PATH: programs, HOME: folder, CALLS: callsFile };
      const { status, stdout, stderr } = spawnSync(join(programs, program), args, {
        cwd: folder,
        env,
        encoding: 'utf8',
        ...nobody,
      });
      return { status, output: stdout, errors: stderr };
    },
    calls: () => readFileSync(callsFile, 'utf8').split('\n').filter(Boolean),
  };
}
