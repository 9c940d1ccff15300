// Ink makes text of the screen's components; what changed of it goes to the terminal.

import { EventEmitter } from 'node:events';
import type { Instance } from 'ink';
import { render } from 'ink';
import type { ReactNode } from 'react';
import { CarrierContext } from './components/carrier-context.js';
import { PaletteContext } from './components/palette-context.js';
import { Screen } from './components/screen.js';
import { LineCarrier } from './line-carrier.js';
import type { ScreenFrame } from './screen-model.js';
import { FrameWriter } from './terminal/frame-writer.js';
import type { TerminalOutput } from './terminal/terminal-output.js';
import type { Palette } from './text/palette.js';

/** Draws until a component throws. */
export class Drawing {
  private readonly output: TerminalOutput;
  private readonly palette: Palette;
  private readonly onFault: (fault: unknown) => void;
  private readonly carrier = new LineCarrier();
  private ink: Instance | undefined;
  private size = '';
  private isDrawing = false;

  constructor(output: TerminalOutput, palette: Palette, onFault: (fault: unknown) => void) {
    this.output = output;
    this.palette = palette;
    this.onFault = onFault;
  }

  draw(frame: ScreenFrame): void {
    const size = `${frame.columns}x${frame.rows}`;
    if (size !== this.size) {
      this.forget();
      this.size = size;
    }
    const tree = (
      <PaletteContext.Provider value={this.palette}>
        <CarrierContext.Provider value={this.carrier.pack}>
          <Screen {...frame} />
        </CarrierContext.Provider>
      </PaletteContext.Provider>
    );
    this.isDrawing = true;
    if (this.ink === undefined) {
      this.ink = this.begin(tree, frame.columns);
    } else {
      this.ink.rerender(tree);
    }
    this.isDrawing = false;
  }

  /** What is on the terminal is not known any more: the next frame is drawn whole, on a cleared screen. */
  forget(): void {
    const ink = this.ink;
    this.ink = undefined;
    ink?.unmount();
    ink?.cleanup();
  }

  /**
   * Ink's own way to the terminal moves the cursor relative to where it should be, and in version 6.8 its incremental
   * rendering is wrong by a line whenever a frame is lower than the terminal. Its debug mode hands over each frame as
   * text, at once, and leaves the terminal alone.
   */
  private begin(tree: ReactNode, columns: number): Instance {
    const ink = render(tree, {
      stdout: this.streamOf(columns) as unknown as NodeJS.WriteStream,
      debug: true,
      patchConsole: false,
      exitOnCtrlC: false,
    });
    ink.waitUntilExit().catch(this.onFault);
    return ink;
  }

  /** What Ink needs of a stream. Its size never changes: another size gets another drawing. */
  private streamOf(columns: number): EventEmitter {
    const writer = new FrameWriter(this.output, columns);
    const write = (frame: string): boolean => {
      const unpacked = this.carrier.unpack(frame);
      // When it ends, Ink writes its last frame once more.
      if (this.isDrawing) {
        writer.write(unpacked);
      }
      return true;
    };
    return Object.assign(new EventEmitter(), { columns, write });
  }
}
