// How far a render is, on one line of a terminal; nothing where standard error is no terminal.

import type { RenderProgress } from '../session/render.js';

const clearLine = '\r\x1b[K';
const widestBar = 40;
const narrowestBar = 5;
const usualColumns = 80;

/** Drawing costs time, and nobody reads faster. */
const leastMilliseconds = 100;

/** The bar's line, no wider than `columns`. */
export function formatProgress({ framesDone, frames, sampleRate, timesRealTime }: RenderProgress, columns: number) {
  const share = framesDone / frames;
  const secondsLeft = (frames - framesDone) / sampleRate / timesRealTime;
  const left = Number.isFinite(secondsLeft) ? `${formatDuration(secondsLeft)} left` : '';
  const numbers = ` ${`${Math.floor(share * 100)}`.padStart(3)} %  ${formatTimes(timesRealTime)} real time  ${left}`;
  const width = Math.min(widestBar, columns - numbers.length - 3);
  if (width < narrowestBar) {
    return numbers.trim().slice(0, Math.max(0, columns - 1));
  }
  const filled = Math.floor(share * width);
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}]${numbers}`.trimEnd();
}

/** `0.04x`, `3.2x`, `412x`. */
export function formatTimes(times: number): string {
  const digits = times < 1 ? 2 : times < 10 ? 1 : 0;
  return `${times.toFixed(digits)}x`;
}

/** `0:05`, `12:30`, `1:00:00`. */
function formatDuration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const pad = (count: number) => `${count}`.padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`;
}

export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(progress: RenderProgress): void {
    const now = performance.now();
    if (!this.#stream.isTTY || now - this.#drawnAt < leastMilliseconds) {
      return;
    }
    this.#drawnAt = now;
    const columns = this.#stream.columns || usualColumns;
    this.#stream.write(`${clearLine}${formatProgress(progress, columns)}`);
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#stream.isTTY) {
      this.#stream.write(clearLine);
    }
  }
}
