// One run of the screen: keys come in, frames go out, until somebody ends it.

import type { ScreenPerformance } from '../src/session/status.js';
import { Drawing } from './drawing.js';
import { actionOf } from './key-actions.js';
import { listSizeOf } from './list-size.js';
import type { ScreenFrame } from './screen-model.js';
import { ScreenModelMaker } from './screen-model.js';
import type { TerminalStreams } from './terminal/terminal.js';
import { Terminal } from './terminal/terminal.js';
import { paletteFor } from './text/palette.js';
import type { View } from './view.js';
import { firstView, moveList, toggleHelp, turnPage } from './view.js';

/** How the screen ended: the performer asked for the end, the caller did, or the terminal was closed. */
export type ScreenEnd = 'quit' | 'aborted' | 'terminal_lost';

const framesPerSecond = 20;
/** A window that is being resized tells many sizes; the last one counts. In milliseconds. */
const resizeRest = 60;
/** A line and the help for keys. */
const leastRows = 2;

/** Runs until it ends. Fails with what a component or the performance throws; the terminal is given back first. */
export function runScreenSession(
  performance: ScreenPerformance,
  streams: TerminalStreams,
  signal: AbortSignal | undefined,
): Promise<ScreenEnd> {
  return new Promise((resolve, reject) => {
    const session = new ScreenSession(performance, streams, {
      onEnd: (end) => {
        signal?.removeEventListener('abort', abort);
        resolve(end);
      },
      onFault: (fault) => {
        signal?.removeEventListener('abort', abort);
        reject(fault);
      },
    });
    const abort = () => session.end('aborted');
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) {
      abort();
    }
  });
}

interface SessionEvents {
  readonly onEnd: (end: ScreenEnd) => void;
  readonly onFault: (fault: unknown) => void;
}

class ScreenSession {
  private readonly performance: ScreenPerformance;
  private readonly events: SessionEvents;
  private readonly terminal: Terminal;
  private readonly drawing: Drawing;
  private readonly models = new ScreenModelMaker();
  private readonly frameTimer: NodeJS.Timeout;
  private resizeTimer: NodeJS.Timeout | undefined;
  private view: View = firstView;
  private frame: ScreenFrame | undefined;
  private hasEnded = false;

  constructor(performance: ScreenPerformance, streams: TerminalStreams, events: SessionEvents) {
    this.performance = performance;
    this.events = events;
    this.terminal = new Terminal(streams, {
      onKey: (key) => this.guarded(() => this.press(key)),
      onResize: () => this.resize(),
      onLost: () => this.end('terminal_lost'),
    });
    this.drawing = new Drawing(this.terminal.output, paletteFor(process.env), (fault) => this.fail(fault));
    this.frameTimer = setInterval(() => this.guarded(() => this.draw()), 1000 / framesPerSecond);
    this.guarded(() => this.draw());
  }

  end(end: ScreenEnd): void {
    this.finish(() => this.events.onEnd(end));
  }

  private fail(fault: unknown): void {
    this.finish(() => this.events.onFault(fault));
  }

  private finish(tell: () => void): void {
    if (this.hasEnded) {
      return;
    }
    this.hasEnded = true;
    clearInterval(this.frameTimer);
    clearTimeout(this.resizeTimer);
    this.drawing.forget();
    this.terminal.release();
    tell();
  }

  private guarded(action: () => void): void {
    try {
      if (!this.hasEnded) {
        action();
      }
    } catch (fault) {
      this.fail(fault);
    }
  }

  private press(key: string): void {
    const action = actionOf(key);
    switch (action.type) {
      case 'quit':
        this.performance.requestStop();
        this.end('quit');
        return;
      case 'panic':
        this.performance.panic();
        return;
      case 'play':
        this.performance.key(action.key);
        return;
      case 'redraw':
        this.drawing.forget();
        break;
      case 'next_page':
        this.view = turnPage(this.view, 1);
        break;
      case 'previous_page':
        this.view = turnPage(this.view, -1);
        break;
      case 'help':
        this.view = toggleHelp(this.view);
        break;
      case 'move':
        if (this.frame !== undefined) {
          const { length, shown } = listSizeOf(this.frame);
          this.view = moveList(this.view, action.movement, length, shown);
        }
        break;
    }
    this.draw();
  }

  private resize(): void {
    clearTimeout(this.resizeTimer);
    this.resizeTimer = setTimeout(() => {
      this.resizeTimer = undefined;
      this.guarded(() => {
        this.drawing.forget();
        this.draw();
      });
    }, resizeRest);
  }

  private draw(): void {
    if (this.terminal.output.isLost) {
      this.end('terminal_lost');
      return;
    }
    // A terminal that is busy misses frames; one that changes its size would show them in the wrong places.
    if (this.resizeTimer !== undefined || !this.terminal.output.isFree) {
      return;
    }
    const now = globalThis.performance.now() / 1000;
    const model = this.models.update(this.performance.status(), now);
    const { columns, rows } = this.terminal.size;
    this.frame = {
      model,
      view: this.view,
      columns,
      // The last line stays free: some terminals scroll when their last cell is written.
      rows: Math.max(rows - 1, leastRows),
    };
    this.drawing.draw(this.frame);
  }
}
