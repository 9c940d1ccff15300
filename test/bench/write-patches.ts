// node write-patches.js ROOT: writes the patches of the workloads into the repository; `npm run generate` calls it.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { patchFiles, patchFolder } from './patch-files.js';

const folder = join(process.argv[2] ?? '.', patchFolder);
mkdirSync(folder, { recursive: true });
for (const { name, text } of patchFiles()) {
  writeFileSync(join(folder, name), text);
}
process.stdout.write(`wrote the patches in ${folder}\n`);
