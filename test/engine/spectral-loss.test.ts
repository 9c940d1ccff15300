import { describe, expect, test } from 'vitest';
import type { SpectralLoss } from '../../src/engine/spectral-loss.js';
import { openSpectralLoss } from '../../src/engine/spectral-loss.js';

const frames = 4000;

function sine(turnsAFrame: number): Float64Array {
  return Float64Array.from({ length: frames }, (_, frame) => Math.sin(2 * Math.PI * turnsAFrame * frame));
}

function lossTo(wanted: Float64Array): SpectralLoss {
  const opening = openSpectralLoss(wanted, 1);
  if (!opening.ok) {
    throw new Error(opening.error.message);
  }
  return opening.loss;
}

describe('a spectral loss', () => {
  test('is 0 for the wanted sound, and more for another one', async () => {
    const loss = lossTo(sine(0.02));
    const same = await loss.measure(sine(0.02), { needsGradient: false });
    const other = await loss.measure(sine(0.03), { needsGradient: false });
    expect(same.ok && same.distance).toBeLessThan(1e-9);
    expect(other.ok && other.distance).toBeGreaterThan(0.1);
    expect(other.ok && other.bySound).toBeUndefined();
  });

  test('has a gradient that leads towards the wanted sound', async () => {
    const loss = lossTo(sine(0.02));
    const louder = sine(0.02).map((sample) => 1.5 * sample);
    const measuring = await loss.measure(louder, { needsGradient: true });
    const bySound = (measuring.ok ? measuring.bySound : undefined) ?? new Float64Array();
    const slope = bySound.reduce((sum, by, at) => sum + by * (louder[at] ?? 0), 0);
    expect(slope).toBeGreaterThan(0.1);
  });

  test('refuses sounds of another length, and channels that are none', async () => {
    expect(await lossTo(sine(0.02)).measure(new Float64Array(1), { needsGradient: false })).toMatchObject({
      ok: false,
      error: { code: 'argument' },
    });
    expect(openSpectralLoss(sine(0.02), 3)).toMatchObject({ ok: false, error: { code: 'argument' } });
    expect(openSpectralLoss(new Float64Array(0), 1)).toMatchObject({ ok: false, error: { code: 'argument' } });
  });
});
