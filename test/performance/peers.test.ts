import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { documentOf } from '../bench/peers/csound/documents.js';
import { programOf } from '../bench/peers/faust/programs.js';
import { PdCanvas } from '../bench/peers/pd/canvas.js';
import { versionSaid } from '../bench/peers/peer.js';
import { installedPeers, peers } from '../bench/peers/peers.js';
import { alone } from '../bench/programs.js';
import { notePieceIds, pieceIds } from '../bench/workloads.js';
import { makeTemporaryFolder } from '../temporary-folder.js';

const pieces = [...pieceIds, ...notePieceIds];

describe.each(peers)('$name', (peer) => {
  test('makes each piece, or says in a few words why it does not', () => {
    for (const piece of pieces) {
      const way = peer.render(piece, 'nowhere');
      expect(typeof way === 'string' ? way.split(' ').length : 0).not.toBe(1);
    }
  });
});

test('most pieces are made by at least four peers', () => {
  const makers = pieceIds.map(
    (piece) => peers.filter((peer) => typeof peer.render(piece, 'nowhere') !== 'string').length,
  );
  expect(makers.filter((count) => count >= 4).length).toBeGreaterThanOrEqual(5);
});

test('a peer that is not installed is not measured', () => {
  vi.stubEnv('PATH', '/nonexistent');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  expect(installedPeers('/nonexistent')).toEqual([]);
});

test('a version is found on either stream', () => {
  const say = (stream: string) => [process.execPath, '-e', `process.${stream}.write('Thing version 6.18 (double)')`];
  for (const stream of ['stdout', 'stderr']) {
    expect(versionSaid(say(stream) as [string, ...string[]], /\d+\.\d+/)).toBe('6.18');
  }
});

test('scsynth and supernova read the same score, but for the group with several threads', () => {
  const folder = makeTemporaryFolder().path;
  const scoreOf = (name: string, workers: number): string => {
    const own = join(folder, `${name}-${workers}`);
    mkdirSync(own);
    const way = peers.find((peer) => peer.name === name)?.render('w4', own);
    if (way === undefined || typeof way === 'string') {
      throw new Error(`${name} does not make w4`);
    }
    const { arguments: words } = way({ ...alone(48_000), workers });
    return readFileSync(words[words.indexOf('-N') + 1] ?? '', 'latin1');
  };
  const serial = scoreOf('scsynth', 1);
  expect(scoreOf('supernova', 1)).toBe(serial);
  expect(scoreOf('supernova', 2)).toBe(serial.replace('/g_new', '/p_new'));
});

test('a patch of Pure Data has its separators as words and its variables escaped', () => {
  const canvas = new PdCanvas();
  const begin = canvas.add('loadbang');
  canvas.message('0.5 10, 0 $1; pd quit', begin);
  expect(canvas.file()).toBe(
    '#N canvas 0 0 600 400 12;\n#X obj 10 10 loadbang;\n' +
      '#X msg 10 10 0.5 10 \\, 0 \\$1 \\; pd quit;\n#X connect 0 0 1 0;\n',
  );
});

test('the document of Csound has the block, and an instance for each voice', () => {
  const document = documentOf('w2', 2, 256);
  expect(document).toContain('ksmps = 256\n');
  expect(document.match(/^i1 0 2 /gm)).toHaveLength(128);
});

test('short notes are as many in the document of Csound as end before it does', () => {
  expect(documentOf('w6', 1, 64).match(/^i1 /gm)).toHaveLength(180);
});

test('the program of Faust has a term for each sine', () => {
  expect(programOf('w1').match(/os\.osc\(/g)).toHaveLength(512);
});
