// The command line that both servers of SuperCollider have.

import { sampleRate } from '../../numbers.js';

export interface ServerRendering {
  readonly score: string;
  readonly output: string;
  readonly block: number;
  readonly channels: number;
}

export function serverFlags({ score, output, block, channels }: ServerRendering): readonly string[] {
  const settings = { z: block, i: 0, o: channels, n: 16_384, m: 32_768, w: 2048, R: 0, D: 0 };
  return [
    '-N',
    ...[score, '_', output, String(sampleRate), 'WAV', 'float'],
    ...Object.entries(settings).flatMap(([name, value]) => [`-${name}`, String(value)]),
  ];
}
