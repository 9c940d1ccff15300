import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the checkout that this file belongs to, whatever the working directory is. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Absolute path of a file of the checkout. @param {string[]} parts */
export const inRepository = (...parts) => join(root, ...parts);
