// A program that shows the screen of a performance which makes no sound, and writes down what it is asked to do.
// node screen-driver.mjs LOG [wait|throw|throw_later|nonsense|exit|measure]; with wait the screen waits for SIGUSR2

import { appendFileSync } from 'node:fs';
import { canShowScreen, runScreen } from '../../dist/tui/screen.js';
import { edge, sampleStatus } from './sample-status.mjs';

const [log = '', fate = ''] = process.argv.slice(2);
/** @param {string} line */
const write = (line) => appendFileSync(log, `${line}\n`);

const started = performance.now();
let statuses = 0;

/** What no component can draw. */
const nonsense = /** @type {import('../../src/session/status.js').SessionStatus} */ (
  /** @type {unknown} */ ({ ...sampleStatus(), temperature: undefined })
);

/** @type {import('../../src/session/status.js').ScreenPerformance} */
const silent = {
  status: () => {
    statuses++;
    const seconds = (performance.now() - started) / 1000;
    if (statuses === 8) setImmediate(meetFate);
    if (fate === 'throw' && statuses > 8) throw new Error('no status today');
    if (fate === 'nonsense' && statuses > 8) return nonsense;
    const sample = sampleStatus();
    const swing = 0.5 + 0.5 * Math.sin(seconds * 3);
    return {
      ...sample,
      seconds,
      frame: Math.floor(seconds * 48_000),
      levels: sample.levels.map(({ peak, rms }) => ({ peak: peak * swing, rms: rms * swing })),
      nodes: Array.from({ length: 14 }, (_, index) => ({
        ...sample.nodes[0],
        id: `node_${index}`,
        type: 'svf',
        share: swing * 0.1,
      })),
      edges: Array.from({ length: 30 }, (_, index) =>
        edge({ name: `node_${index}.out -> node_${index + 1}.in`, depth: Math.round(swing * 256), capacity: 512 }),
      ),
    };
  },
  key: (name) => write(`key ${name}`),
  panic: () => write('panic'),
  requestStop: () => write('stop'),
};

function meetFate() {
  if (fate === 'throw_later') throw new Error('an accident');
  if (fate === 'exit') process.exit(7);
}

write(`pid: ${process.pid}`);
write(`can show: ${canShowScreen()}`);
const controller = new AbortController();
process.on('SIGTERM', () => controller.abort());
// A terminal that is closed ends the screen, not the program.
process.on('SIGHUP', () => {});
const beat = setInterval(() => write(`beat ${statuses}`), 50);
if (fate === 'measure') {
  setTimeout(() => {
    const before = process.cpuUsage();
    const from = performance.now();
    const first = statuses;
    setTimeout(() => {
      const { user, system } = process.cpuUsage(before);
      const milliseconds = performance.now() - from;
      write(
        `measured ${((user + system) / 10 / milliseconds).toFixed(1)} % of a core, ${(((statuses - first) * 1000) / milliseconds).toFixed(1)} frames a second, ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
      );
      controller.abort();
    }, 10_000);
  }, 3000);
}

if (fate === 'wait') {
  const begins = new Promise((resolve) => process.once('SIGUSR2', resolve));
  write('waits');
  await begins;
}

try {
  write(`ended: ${await runScreen(silent, { signal: controller.signal })}`);
} catch (error) {
  write(`failed: ${error instanceof Error ? error.message : error}`);
}
clearInterval(beat);
console.log('after the screen');
