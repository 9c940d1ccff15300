// The sources of the checkout, and what they import, as texts.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** Relative to the checkout, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** All files below a folder of the checkout whose names end as given. */
export function sourceFiles(folder: string, suffix: RegExp): readonly SourceFile[] {
  if (!existsSync(join(repository, folder))) {
    return [];
  }
  return readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => suffix.test(name))
    .sort()
    .map((name) => {
      const path = `${folder}/${name.replaceAll('\\', '/')}`;
      return { path, text: readFileSync(join(repository, path), 'utf8') };
    });
}
