// A program in a terminal of its own, whose screen can be read.

import type { IPty } from '@lydell/node-pty';
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { onTestFinished } from 'vitest';

export interface PtySize {
  readonly columns: number;
  readonly rows: number;
}

const patience = 20_000;

/** What a shell line does to a terminal. The program ends with the test. */
export class PtyProgram {
  /** All that was written to the terminal. */
  written = '';
  private readonly pty: IPty;
  private readonly terminal: InstanceType<typeof xterm.Terminal>;
  private hasExited = false;

  constructor(shellLine: string, { columns, rows }: PtySize, environment: NodeJS.ProcessEnv = {}) {
    const inherited: NodeJS.ProcessEnv = { ...process.env };
    for (const name of ['CI', 'NODE_ENV', 'NO_COLOR', 'FORCE_COLOR', 'VITEST']) {
      delete inherited[name];
    }
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.pty = spawn('sh', ['-c', shellLine], {
      cols: columns,
      rows,
      env: { ...inherited, ...environment },
      name: 'xterm-256color',
    });
    this.pty.onData((data) => {
      this.written += data;
      this.terminal.write(data);
    });
    this.pty.onExit(() => {
      this.hasExited = true;
    });
    onTestFinished(() => this.end());
  }

  get isOnAlternateScreen(): boolean {
    return this.terminal.buffer.active.type === 'alternate';
  }

  /** The lines of the screen, without what is blank at their ends. */
  lines(): readonly string[] {
    const { active } = this.terminal.buffer;
    return Array.from(
      { length: this.terminal.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
    );
  }

  text(): string {
    return this.lines().join('\n');
  }

  press(keys: string): void {
    this.pty.write(keys);
  }

  resize({ columns, rows }: PtySize): void {
    this.terminal.resize(columns, rows);
    this.pty.resize(columns, rows);
  }

  /** Takes nothing that the program writes, as a terminal over a line that hangs. */
  stall(): void {
    this.pty.pause();
  }

  resume(): void {
    this.pty.resume();
  }

  /** Closes the terminal, as a window that is closed. */
  close(): void {
    (this.pty as IPty & { destroy(): void }).destroy();
  }

  async exit(): Promise<void> {
    await this.until('it ends', () => this.hasExited);
    // What came last may not have been read by the terminal yet.
    await new Promise<void>((resolve) => this.terminal.write('', resolve));
  }

  shows(text: string): Promise<void> {
    return this.until(`the screen shows ${JSON.stringify(text)}`, () => this.text().includes(text));
  }

  /** Waits; fails with what the screen shows when it takes too long. */
  async until(what: string, holds: () => boolean): Promise<void> {
    const end = performance.now() + patience;
    while (!holds()) {
      if (performance.now() > end) {
        throw new Error(`waited in vain until ${what}; the screen shows:\n${this.text()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  private end(): void {
    if (!this.hasExited) {
      this.pty.kill('SIGKILL');
    }
    this.terminal.dispose();
  }
}
