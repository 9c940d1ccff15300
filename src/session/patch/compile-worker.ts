// The compiling thread's entry: files of patches come in by path, plans go out.

import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { contentOf } from '../../patch/patch-content.js';
import { encodePlan } from '../../plan/binary/encode.js';
import type { Failed } from '../failure.js';
import { failed } from '../failure.js';
import { compileBytes, readPatchFile } from '../patch-file.js';
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

async function compile({ path, sampleRate, known }: CompileRequest): Promise<CompileOutcome> {
  const looking = await lookAt(path);
  const reading = looking.ok ? await readPatchFile(path) : looking;
  if (!reading.ok) {
    return { type: 'failed', failure: reading.failure };
  }
  const hash = createHash('sha256').update(reading.bytes).digest('hex');
  if (hash === known) {
    return { type: 'known' };
  }
  const loading = compileBytes(reading.bytes, path, { sampleRate });
  if (!loading.ok) {
    return { type: 'failed', hash, failure: loading.failure };
  }
  const { patch, plan, notes } = loading;
  const content = contentOf(patch);
  return { type: 'compiled', hash, compiled: { content, plan, bytes: encodePlan(plan), notes } };
}

/** A pipe without a writer would keep this thread waiting for ever. */
async function lookAt(path: string): Promise<{ readonly ok: true } | Failed> {
  try {
    return (await stat(path)).isFile()
      ? { ok: true }
      : failed({ type: 'unreadable_file', path, reason: 'it is not a regular file' });
  } catch (error) {
    return failed({ type: 'unreadable_file', path, reason: systemReason(error) });
  }
}
