// Files that may have no end, such as a device that gives zeros for ever.

import { createReadStream } from 'node:fs';

/** The bytes of a file, at most so many. Rejects with what the system says. */
export async function readAtMost(path: string, most: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: most - 1 })) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
