// The compiling thread's entry: files of patches come in by path, plans go out.

import { stat } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { contentOf } from '../../patch/patch-content.js';
import { encodePlan } from '../../plan/binary/encode.js';
import type { Failed } from '../failure.js';
import { failed } from '../failure.js';
import { compileBytes, hashOfSources } from '../patch-file.js';
import { filesOfChoice, readScheduleChoice } from '../schedule-choice.js';
import { readSourceFile } from '../source-file.js';
import { systemReason } from '../system-error.js';
import type { CompileOutcome, CompileReply, CompileRequest } from './compile-messages.js';

const port = parentPort;
if (port === null) {
  throw new Error('this file runs as a thread; PatchCompiler starts it');
}

port.on('message', (request: CompileRequest) => {
  void compile(request).then((outcome) => {
    const reply: CompileReply = { number: request.number, outcome };
    port.postMessage(reply);
  });
});

async function compile({ path, sampleRate, schedule: choice, known }: CompileRequest): Promise<CompileOutcome> {
  const looking = await lookAt([path, ...filesOfChoice(choice)]);
  const reading = looking.ok ? await readSourceFile(path) : looking;
  if (!reading.ok) {
    return { type: 'failed', failure: reading.failure };
  }
  const choosing = await readScheduleChoice(choice);
  if (!choosing.ok) {
    return { type: 'failed', failure: choosing.failure };
  }
  const { replacement: schedule } = choosing;
  const hash = hashOfSources(reading.bytes, schedule);
  if (hash === known) {
    return { type: 'known' };
  }
  const loading = compileBytes(reading.bytes, path, { sampleRate, schedule });
  if (!loading.ok) {
    return { type: 'failed', hash, failure: loading.failure };
  }
  const { patch, plan } = loading;
  const content = contentOf(patch);
  return { type: 'compiled', hash, compiled: { content, plan, bytes: encodePlan(plan) } };
}

/** A pipe without a writer would keep this thread waiting for ever. */
async function lookAt(paths: readonly string[]): Promise<{ readonly ok: true } | Failed> {
  for (const path of paths) {
    const reason = await stat(path).then(
      (status) => (status.isFile() ? undefined : 'it is not a regular file'),
      (error: unknown) => systemReason(error),
    );
    if (reason !== undefined) {
      return failed({ type: 'unreadable_file', path, reason });
    }
  }
  return { ok: true };
}
