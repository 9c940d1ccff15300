import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DeviceProgram } from '../../src/session/device/device-program.js';
import { isRunning } from '../running-process.js';

/** A program that does what a device program might do at its worst. */
function program(script: string): DeviceProgram {
  return new DeviceProgram(['-e', script], process.execPath);
}

beforeEach(() => {
  vi.stubEnv('AMP_DEVICE_ANSWER_SECONDS', '0.5');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

test('its first line is its answer', async () => {
  vi.stubEnv('AMP_DEVICE_ANSWER_SECONDS', '20');
  const device = program(`console.log('{"type":"granted"}'); process.stdin.resume()`);
  expect(await device.answer()).toEqual({ ok: true, message: { type: 'granted' } });
  await device.close();
});

test('what a library prints in between is no answer', async () => {
  vi.stubEnv('AMP_DEVICE_ANSWER_SECONDS', '20');
  const device = program(`console.log('Expression failed\\n[1]\\n{"type":"error"}'); process.stdin.resume()`);
  expect(await device.answer()).toMatchObject({ message: { type: 'error' } });
  await device.close();
});

test('a program that does not answer is killed, and says so', async () => {
  const device = program('setInterval(() => {}, 1000)');
  expect(await device.answer()).toEqual({ ok: false, reason: 'the sound system did not answer within 0.5 s' });
  expect(await device.ended).toContain('SIGKILL');
});

test('a program that ends at once says how it ended', async () => {
  vi.stubEnv('AMP_DEVICE_ANSWER_SECONDS', '20');
  expect(await program('process.exit(7)').answer()).toEqual({ ok: false, reason: 'its program ended (exit code 7)' });
});

test('a program that is not there is a reason, not a fault', async () => {
  const device = new DeviceProgram([], '/nonexistent/amp_device');
  expect(await device.answer()).toMatchObject({ ok: false, reason: expect.stringContaining('does not run') });
});

test('a program that is deaf is killed when it is to leave', async () => {
  const device = program(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`);
  const id = device.processId ?? 0;
  await device.close();
  expect(isRunning(id)).toBe(false);
});

test('a program hears what it is told', async () => {
  vi.stubEnv('AMP_DEVICE_ANSWER_SECONDS', '20');
  const device = program(`process.stdin.once('data', (text) => console.log(JSON.stringify({ heard: String(text) })))`);
  device.tell('start /proc/1/fd/3 1');
  expect(await device.answer()).toEqual({ ok: true, message: { heard: 'start /proc/1/fd/3 1\n' } });
  await device.close();
});
