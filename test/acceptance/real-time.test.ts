// No sound thread allocates, locks, or calls the system beyond the wake-up: watched from inside and from outside.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPatch } from '../../src/patch/read.js';
import { encodePlan } from '../../src/plan/binary/encode.js';
import { compilePlan } from '../../src/plan/compile.js';
import { inRepository } from './patch-files.js';

const program = inRepository('build/native/test/amp_real_time_check');
const blocks = 10_000;
/** They take their time: two seconds. */
const liveBlocks = 1500;
const block = 64;

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'amp-live-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes the plan of a shipped patch and gives its path. */
function planOf(patch: string): string {
  const read = readPatch(readFileSync(inRepository(patch), 'utf8'), patch);
  const compiled = read.ok ? compilePlan(read.patch, { sampleRate: 48_000 }) : read;
  if (!compiled.ok) {
    throw new Error(compiled.diagnostics.map(({ message }) => message).join('\n'));
  }
  const path = join(folder, 'patch.plan');
  writeFileSync(path, encodePlan(compiled.plan));
  return path;
}

/** The system calls, each with its thread, between the program's two marks. */
function tracedCalls(trace: string): readonly { readonly thread: string; readonly call: string }[] {
  const lines = trace.split('\n');
  const begin = lines.findIndex((line) => line.includes('amp: begin'));
  const end = lines.findIndex((line) => line.includes('amp: end'));
  expect(begin).toBeGreaterThan(0);
  expect(end).toBeGreaterThan(begin);
  return lines.slice(begin, end).flatMap((line) => {
    const match = /^(\d+) +(?:<\.\.\. )?([a-z_0-9]+)[( ]/.exec(line);
    return match?.[1] === undefined || match[2] === undefined ? [] : [{ thread: match[1], call: match[2] }];
  });
}

/** The threads that named themselves as the engine's workers. */
function workerThreads(trace: string): ReadonlySet<string> {
  return new Set([...trace.matchAll(/^(\d+) .*PR_SET_NAME, "amp-worker/gm)].map((match) => match[1] ?? ''));
}

/** What two workers call the system for, each name once. */
function workersCalls(command: readonly string[]): readonly string[] {
  const tracePath = join(folder, 'trace');
  const run = spawnSync('strace', ['-f', '-o', tracePath, program, ...command], { encoding: 'utf8' });
  expect(run.error, 'strace is one of the packages that npm test sets up').toBeUndefined();
  expect(run.stdout).toBe('allocations 0, locks 0\n');
  const trace = readFileSync(tracePath, 'utf8');
  const workers = workerThreads(trace);
  expect(workers.size).toBe(2);
  const calls = tracedCalls(trace).filter(({ thread }) => workers.has(thread));
  expect(calls.length).toBeGreaterThan(0);
  return [...new Set(calls.map(({ call }) => call))];
}

describe('the sound threads', () => {
  it('are watched by a guard that notices an allocation and a lock', () => {
    expect(spawnSync(program, ['--self-check']).status).toBe(0);
  });

  it.each([
    ['patches/glass_pad.jsonc', 1],
    ['patches/glass_pad.jsonc', 2],
    ['patches/bass.jsonc', 2],
    ['patches/demo_kpn_feedback.jsonc', 2],
    ['patches/demo_kpn_ipls.jsonc', 2],
  ])('neither allocate nor lock while %s plays on %i workers', (patch, workers) => {
    const run = spawnSync(program, [planOf(patch), String(blocks), String(block), String(workers)], {
      encoding: 'utf8',
    });
    expect(run.stdout).toBe('allocations 0, locks 0\n');
    expect(run.status).toBe(0);
  });

  it.each([1, 2])('neither allocate nor lock while a device paces %i workers', (workers) => {
    const command = ['--live', planOf('patches/glass_pad.jsonc'), String(liveBlocks), String(block), String(workers)];
    const run = spawnSync(program, command, { encoding: 'utf8' });
    expect(run.stdout).toBe('allocations 0, locks 0\n');
    expect(run.status).toBe(0);
  });

  it('call the system for nothing but the wake-up', () => {
    expect(workersCalls([planOf('patches/glass_pad.jsonc'), String(blocks), String(block), '2'])).toEqual(['futex']);
  });

  it('also read the clocks of their CPU time while a device paces', () => {
    const command = ['--live', planOf('patches/glass_pad.jsonc'), String(liveBlocks), String(block), '2'];
    expect(workersCalls(command).toSorted()).toEqual(['clock_gettime', 'futex']);
  });
});
