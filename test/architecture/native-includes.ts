// Which part of the engine may include which.

import type { SourceFile } from './source-files.js';

interface Allowance {
  /** Parts of the engine, or single headers. */
  readonly own: readonly string[];
  /** Headers of others, besides those of the languages and the system. */
  readonly foreign: RegExp;
}

const nothing = /(?!)/;
const eigen = /^Eigen\//;
const publicHeader = 'amp.h';

/** By folder below native/. A part may always include itself. */
const allowances: Readonly<Record<string, Allowance>> = {
  include: { own: [], foreign: nothing },
  base: { own: [], foreign: nothing },
  node: { own: ['base', 'node_table.inc'], foreign: eigen },
  nodes: { own: ['base', 'node'], foreign: eigen },
  plan: { own: ['base', 'node', 'run/work.h'], foreign: nothing },
  arena: { own: ['base'], foreign: nothing },
  run: { own: ['base', 'arena'], foreign: eigen },
  control: { own: ['base'], foreign: nothing },
  io: { own: ['base'], foreign: /^(portaudio\.h|pa_\w+\.h|alsa\/)/ },
  engine: {
    own: ['base', 'node', 'nodes', 'plan', 'arena', 'run', 'control', 'io', publicHeader],
    foreign: nothing,
  },
  addon: { own: [publicHeader], foreign: /^(napi\.h|node_api\.h)$/ },
};

/** Headers that neither C, C++ nor the system bring: whatever has a folder of its own or is known by name. */
const foreignHeader =
  /^(Eigen|alsa|nlohmann|rapidjson|simdjson|json)\/|^(napi|node_api|portaudio|pa_\w+|json\w*)\.h(pp)?$/;

/** Each include that runs against the direction, as `file includes what`. */
export function findWrongIncludes(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) =>
    includesOf(file)
      .filter((include) => !isAllowed(file.path, include))
      .map(({ header }) => `${file.path} includes ${header}`),
  );
}

interface Include {
  readonly header: string;
  readonly isQuoted: boolean;
}

function includesOf({ text }: SourceFile): readonly Include[] {
  return [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]/gm)].map(([, bracket, header = '']) => ({
    header,
    isQuoted: bracket === '"',
  }));
}

function isAllowed(path: string, { header, isQuoted }: Include): boolean {
  const part = /^native\/([^/]+)\//.exec(path)?.[1];
  const allowance = part === undefined ? undefined : allowances[part];
  if (allowance === undefined) {
    return false;
  }
  const isOwn = isQuoted || header === publicHeader;
  if (!isOwn) {
    return !foreignHeader.test(header) || allowance.foreign.test(header);
  }
  const folder = header.split('/')[0] ?? '';
  return folder === part || allowance.own.includes(folder) || allowance.own.includes(header);
}

const role = String.raw`\[(?:main|compiler|device|worker|any)\]`;

/** A comment that ends with a role, or with a role for each of several cases. */
const endsWithRole = new RegExp(String.raw`${role}(?: for \w+(?:, ${role} for \w+)*)?\s*\*/$`);

/** The functions of a C header whose comment does not end with the thread that may call them. */
export function functionsWithoutRole(header: string): readonly string[] {
  return header.split(/\n[ \t]*\n/).flatMap((paragraph) => {
    const first = paragraph.search(/^AMP_API\b/m);
    if (first < 0 || endsWithRole.test(paragraph.slice(0, first).trimEnd())) {
      return [];
    }
    return [...paragraph.matchAll(/^AMP_API\b[^;(]*?(\w+)\(/gm)].map(([, name = '']) => name);
  });
}
