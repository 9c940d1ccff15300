// The direction of imports and includes, read from the sources themselves.

import { describe, expect, test } from 'vitest';
import { findWrongIncludes, functionsWithoutRole } from './architecture/native-includes.js';
import { sourceFiles } from './architecture/source-files.js';
import { findBinaryLoaders, findWrongImports } from './architecture/typescript-imports.js';

const hostFiles = [...sourceFiles('src', /\.(ts|tsx|mts|mjs|js)$/), ...sourceFiles('tui', /\.(ts|tsx)$/)];
const nativeFiles = sourceFiles('native', /\.(h|hpp|c|cpp)$/).filter(({ path }) => !path.startsWith('native/test/'));

describe('the host', () => {
  test('imports in one direction: cli, tui -> session -> control, fit, plan, patch, engine', () => {
    expect(hostFiles.length).toBeGreaterThan(50);
    expect(findWrongImports(hostFiles)).toEqual([]);
  });

  test('loads a binary in one file only', () => {
    expect(findBinaryLoaders(hostFiles)).toEqual([]);
  });
});

describe('the engine', () => {
  test('includes in one direction', () => {
    expect(nativeFiles.length).toBeGreaterThan(50);
    expect(findWrongIncludes(nativeFiles)).toEqual([]);
  });

  test('says of each function of its C API which thread may call it', () => {
    const header = nativeFiles.find(({ path }) => path === 'native/include/amp.h')?.text ?? '';
    expect(header.match(/^AMP_API\b/gm)?.length).toBeGreaterThan(15);
    expect(functionsWithoutRole(header)).toEqual([]);
  });
});

describe('a wrong import is found', () => {
  test.each([
    ['src/patch/x.ts', "import { readFileSync } from 'node:fs';"],
    ['src/patch/x.ts', "import { compilePlan } from '../plan/compile.js';"],
    ['src/plan/graph/x.ts', "import {\n  a,\n  b,\n} from '../../engine/streamer.js';"],
    ['src/plan/x.ts', "export { a } from 'node:crypto';"],
    ['src/control/x.ts', "import { openStreamer } from '../engine/streamer.js';"],
    ['src/control/x.ts', "import { readFile } from 'node:fs/promises';"],
    ['src/engine/x.ts', "import type { Plan } from '../plan/plan.js';"],
    ['src/engine/x.ts', "import 'zod';"],
    ['src/session/x.ts', "const { main } = await import('../cli/main.js');"],
    ['src/session/x.ts', "import { loadNative } from '../engine/native.js';"],
    ['src/cli/x.ts', "import { openStreamer } from '../engine/streamer.js';"],
    ['src/cli/x.ts', "import { set } from '../setup/start.mjs';"],
    ['src/setup/x.mjs', "import { a } from '../cli/options.js';"],
    ['src/setup/x.mjs', "import { z } from 'zod';"],
    ['src/x.ts', "import { a } from 'node:fs';"],
    ['src/newcomer/x.ts', "import { a } from 'node:fs';"],
    ['src/cli/x.ts', "import { a } from '../../test/x.js';"],
    ['tui/x.tsx', "import { a } from '../src/engine/streamer.js';"],
  ])('in %s: %s', (path, text) => {
    expect(findWrongImports([{ path, text }])).toHaveLength(1);
  });

  test.each([
    ['src/session/x.ts', "import { openStreamer } from '../engine/streamer.js';"],
    ['src/engine/x.ts', "import { loadNative } from './native.js';"],
    ['src/plan/x.ts', "import { crc32 } from 'node:zlib';"],
    ['tui/x.tsx', "import { Text } from 'ink';"],
  ])('while a right one is not, in %s: %s', (path, text) => {
    expect(findWrongImports([{ path, text }])).toEqual([]);
  });

  test('and so is another file that loads a binary', () => {
    const text = "const addon = createRequire(import.meta.url)('../build/x.node');";
    expect(findBinaryLoaders([{ path: 'src/session/x.ts', text }])).toEqual(['src/session/x.ts']);
  });
});

describe('a wrong include is found', () => {
  test.each([
    ['native/base/x.h', '#include "node/node.h"'],
    ['native/base/x.h', '#include <Eigen/Core>'],
    ['native/node/x.h', '#include "nodes/gain.h"'],
    ['native/nodes/x.cpp', '#  include "run/work.h"'],
    ['native/plan/x.cpp', '#include "run/scheduler.h"'],
    ['native/plan/x.cpp', '#include <Eigen/Core>'],
    ['native/plan/x.cpp', '#include <nlohmann/json.hpp>'],
    ['native/arena/x.cpp', '#include "plan/layout.h"'],
    ['native/run/x.cpp', '#include "node/kernel.h"'],
    ['native/control/x.cpp', '#include "arena/arena.h"'],
    ['native/io/x.cpp', '#include "engine/graph.h"'],
    ['native/io/programs/x.cpp', '#include "engine/json_writer.h"'],
    ['native/base/x.cpp', '#include <alsa/asoundlib.h>'],
    ['native/engine/x.cpp', '#include <pa_jack.h>'],
    ['native/engine/x.cpp', '#include <portaudio.h>'],
    ['native/engine/x.cpp', '#include <napi.h>'],
    ['native/addon/x.cpp', '#include "engine/graph.h"'],
    ['native/include/x.h', '#include "base/result.h"'],
    ['native/newcomer/x.h', '#include <vector>'],
  ])('in %s: %s', (path, text) => {
    expect(findWrongIncludes([{ path, text }])).toHaveLength(1);
  });

  test.each([
    ['native/plan/x.cpp', '#include "run/work.h"'],
    ['native/nodes/x.cpp', '#include <Eigen/Core>'],
    ['native/engine/x.cpp', '#include "amp.h"'],
    ['native/addon/x.cpp', '#include <napi.h>'],
    ['native/base/x.cpp', '#include <linux/futex.h>'],
    ['native/io/x.cpp', '#include <portaudio.h>'],
    ['native/io/x.cpp', '#include <pa_linux_alsa.h>'],
    ['native/io/x.cpp', '#include <alsa/asoundlib.h>'],
    ['native/engine/x.cpp', '#include "io/clock_device.h"'],
  ])('while a right one is not, in %s: %s', (path, text) => {
    expect(findWrongIncludes([{ path, text }])).toEqual([]);
  });
});

describe('a function without a thread is found', () => {
  test.each([
    ['/* Does it. */\nAMP_API int amp_x(void);', ['amp_x']],
    ['AMP_API int amp_x(void);', ['amp_x']],
    ['/* [any] Does it. */\nAMP_API int amp_x(void);', ['amp_x']],
    ['/* Does it. [somebody] */\nAMP_API int amp_x(void);\nAMP_API char* amp_y(void);', ['amp_x', 'amp_y']],
    ['/* Does it. [any] */\n\nAMP_API int amp_x(void);', ['amp_x']],
    ['/* Does it. [any] */\nAMP_API int amp_x(void);\nAMP_API char* amp_y(void);', []],
    ['/* Does it. [main] for WAIT, [any] for POLL */\nAMP_API int amp_x(void);', []],
  ])('in %j', (header, expected) => {
    expect(functionsWithoutRole(header)).toEqual(expected);
  });
});
