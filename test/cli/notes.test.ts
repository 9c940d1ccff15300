import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { amp } from './command-line.js';

const patch = `{ "amp": 1, "schedule": { "plan": "ipls", "partial_latency": 1 }, "thermal": { "on_limit": "attenuate" },
  "nodes": { "sine": { "type": "sine", "slew": { "freq": { "rate": 100 } } }, "out": { "type": "output" } },
  "edges": [ { "id": "wire", "from": "sine", "to": "out", "gain": 0.1 } ],
  "controls": [
    { "from": "midi:cc/74", "to": "sine.freq", "range": [80, 8000] } ] }
`;
const notes = ['patch.jsonc:1:1: note: the thermal limit does not attenuate yet'];

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'amp-live-'));
  writeFileSync(join(folder, 'patch.jsonc'), patch);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('what a patch says without effect yet', () => {
  it('is told by check, which finds no mistake', async () => {
    const { exitCode, output } = await amp(['check', 'patch.jsonc'], folder);
    expect(output.trimEnd().split('\n')).toEqual(['patch.jsonc: no mistakes', ...notes]);
    expect(exitCode).toBe(0);
  });

  it('is told by render beside its summary', async () => {
    const { exitCode, errors } = await amp(['render', 'patch.jsonc', '-o', 'out.wav', '--seconds', '0.1'], folder);
    expect(errors.trimEnd().split('\n')).toEqual(notes);
    expect(exitCode).toBe(0);
  });

  it('does not hold of a schedule, whose stages lag', async () => {
    const { output } = await amp(['check', 'patch.jsonc'], folder);
    expect(output).not.toContain('schedule');
  });
});
