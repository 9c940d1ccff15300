// Which part of the host may import which (docs: README.md, "Where things are").

import { posix } from 'node:path';
import type { SourceFile } from './source-files.js';

interface Allowance {
  /** Parts of the host. */
  readonly parts: readonly string[];
  /** Packages, and modules of Node. */
  readonly modules: RegExp;
}

const nothing = /(?!)/;
const everyNodeModule = /^node:/;

/** By folder below src/, and `tui`. A part may always import itself. */
const allowances: Readonly<Record<string, Allowance>> = {
  tui: { parts: ['session'], modules: /^(node:|ink$|react$|react\/)/ },
  cli: { parts: ['session', 'control', 'plan', 'patch', 'tui'], modules: everyNodeModule },
  session: { parts: ['control', 'fit', 'plan', 'patch', 'engine'], modules: everyNodeModule },
  fit: { parts: ['plan', 'patch'], modules: nothing },
  // Ports to the outside stand in control/ports; the rest of the folder is pure by habit and by review.
  control: { parts: ['patch'], modules: /^(midi-file|osc-js|@julusian\/midi|node:dgram|node:net)$/ },
  plan: { parts: ['patch'], modules: /^node:zlib$/ },
  patch: { parts: [], modules: /^(zod|jsonc-parser)$/ },
  engine: { parts: [], modules: everyNodeModule },
  setup: { parts: [], modules: everyNodeModule },
};

/** The one file that loads the engine's binary. */
const binaryLoader = 'src/engine/native.ts';

/** Each import that runs against the direction, as `file imports what`. */
export function findWrongImports(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => !isAllowed(file.path, imported))
      .map((imported) => `${file.path} imports ${imported}`),
  );
}

/** Each file that could load a binary and may not; modules of this kind have no other way. */
export function findBinaryLoaders(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path, text }) => path !== binaryLoader && /\bcreateRequire\b|\bprocess\.dlopen\b/.test(text))
    .map(({ path }) => path);
}

/** What a file imports: paths of the checkout, or names of modules. */
export function importsOf({ path, text }: SourceFile): readonly string[] {
  const patterns = [
    /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*['"]([^'"]+)['"]/gm,
    /\b(?:import|require)\(\s*['"]([^'"]+)['"]/g,
  ];
  const specifiers = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, specifier = '']) => specifier));
  return specifiers.map((specifier) =>
    specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts') : specifier,
  );
}

function isAllowed(path: string, imported: string): boolean {
  const part = partOf(path);
  const allowance = part === undefined ? undefined : allowances[part];
  if (allowance === undefined) {
    return false;
  }
  const isOwnPath = imported.includes('/') && /^(src|tui)\//.test(imported);
  if (!isOwnPath) {
    return (imported.startsWith('.') ? nothing : allowance.modules).test(imported);
  }
  const importedPart = partOf(imported) ?? '';
  const isForeignLoader = imported === binaryLoader && part !== 'engine';
  return !isForeignLoader && (importedPart === part || allowance.parts.includes(importedPart));
}

function partOf(path: string): string | undefined {
  return path.startsWith('tui/') ? 'tui' : /^src\/([^/]+)\//.exec(path)?.[1];
}
