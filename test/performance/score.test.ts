import { expect, test } from 'vitest';
import { encodeScore } from '../bench/peers/scsynth/score.js';

test('the bytes of a score are OSC bundles, each after its length', () => {
  const bytes = encodeScore([
    { time: 0, address: '/g_new', arguments: [{ integer: 900 }] },
    { time: 1.5, address: '/d_recv', arguments: [Buffer.from([1, 2, 3, 4, 5]), 'pan', { float: -1 }] },
  ]);
  const text = (value: string): string => Buffer.from(value, 'latin1').toString('hex');
  const expected = [
    '00000024', // bytes of the first bundle
    text('#bundle\0'),
    '0000000000000000', // time
    '00000010', // bytes of its message
    text('/g_new\0\0'),
    text(',i\0\0'),
    '00000384',
    '00000038',
    text('#bundle\0'),
    '0000000180000000', // seconds, and 2^32ths of a second
    '00000024',
    text('/d_recv\0'),
    text(',bsf\0\0\0\0'),
    '00000005', // bytes of the blob, then filled up to a multiple of four
    '0102030405000000',
    text('pan\0'),
    'bf800000',
  ];
  expect(bytes.toString('hex')).toBe(expected.join(''));
});
