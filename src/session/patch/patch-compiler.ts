// Compiles patches while a performance plays, in a thread of its own: neither the screen nor a note waits for it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { packageRoot } from '../../engine/package-root.js';
import { failed } from '../failure.js';
import type { CompileOutcome, CompileReply, CompileRequest } from './compile-messages.js';

type Job = Omit<CompileRequest, 'number'>;

/** The thread starts with the first job, and again if it broke down. */
export class PatchCompiler {
  readonly #waiting = new Map<number, (outcome: CompileOutcome) => void>();
  #worker: Worker | undefined;
  #count = 0;
  #isClosed = false;

  /** Never rejects. */
  compile(job: Job): Promise<CompileOutcome> {
    if (this.#isClosed) {
      return Promise.resolve(brokenDown('the performance ends'));
    }
    const number = ++this.#count;
    this.#worker ??= this.#start();
    const request: CompileRequest = { ...job, number };
    this.#worker.postMessage(request);
    return new Promise((resolve) => this.#waiting.set(number, resolve));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(workerPath());
    worker.unref();
    let reason = 'it ended';
    worker.on('message', ({ number, outcome }: CompileReply) => {
      this.#waiting.get(number)?.(outcome);
      this.#waiting.delete(number);
    });
    worker.on('error', (error: Error) => {
      reason = error.message;
    });
    worker.on('exit', () => {
      this.#worker = undefined;
      for (const resolve of this.#waiting.values()) {
        resolve(brokenDown(reason));
      }
      this.#waiting.clear();
    });
    return worker;
  }
}

function brokenDown(reason: string): CompileOutcome {
  const message = `the patch could not be compiled: ${reason}`;
  return { type: 'failed', ...failed({ type: 'engine', error: { code: 'thread', message } }) };
}

/** Beside this file once it is compiled; tests run from the sources, and the thread from what was compiled of them. */
function workerPath(): string {
  const beside = fileURLToPath(new URL('./compile-worker.js', import.meta.url));
  return existsSync(beside) ? beside : join(packageRoot(), 'dist', 'src', 'session', 'patch', 'compile-worker.js');
}
