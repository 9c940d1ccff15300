// How far a render or a fit is, on one line of a terminal; nothing where standard error is no terminal.

import type { FitProgress } from '../session/fit.js';
import type { RenderProgress } from '../session/render.js';

const clearLine = '\r\x1b[K';
const widestBar = 40;
const narrowestBar = 5;
const usualColumns = 80;

/** Drawing costs time, and nobody reads faster. */
const leastMilliseconds = 100;

/** The line of a render, no wider than `columns`. */
export function formatProgress({ framesDone, frames, sampleRate, timesRealTime }: RenderProgress, columns: number) {
  const share = framesDone / frames;
  const secondsLeft = (frames - framesDone) / sampleRate / timesRealTime;
  return barLine(share, [`${formatTimes(timesRealTime)} real time`, timeLeft(secondsLeft)].join('  '), columns);
}

/** The line of a fit, no wider than `columns`. */
export function formatFitProgress({ phase, done, all, distance, share, secondsLeft }: FitProgress, columns: number) {
  const numbers = [`${phase} ${done} of ${all}`, `distance ${formatDistance(distance)}`, timeLeft(secondsLeft)];
  return barLine(share, numbers.join('  '), columns);
}

function barLine(share: number, text: string, columns: number): string {
  const numbers = ` ${`${Math.floor(share * 100)}`.padStart(3)} %  ${text}`;
  const width = Math.min(widestBar, columns - numbers.length - 3);
  if (width < narrowestBar) {
    return numbers.trim().slice(0, Math.max(0, columns - 1));
  }
  const filled = Math.floor(share * width);
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}]${numbers}`.trimEnd();
}

function timeLeft(seconds: number): string {
  return Number.isFinite(seconds) ? `${formatDuration(seconds)} left` : '';
}

/** How far a sound is from its target: three digits. */
export function formatDistance(distance: number): string {
  return distance.toPrecision(3);
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

export class ProgressBar<Progress> {
  readonly #stream: NodeJS.WriteStream;
  readonly #format: (progress: Progress, columns: number) => string;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(stream: NodeJS.WriteStream, format: (progress: Progress, columns: number) => string) {
    this.#stream = stream;
    this.#format = format;
  }

  show(progress: Progress): void {
    const now = performance.now();
    if (!this.#stream.isTTY || now - this.#drawnAt < leastMilliseconds) {
      return;
    }
    this.#drawnAt = now;
    const columns = this.#stream.columns || usualColumns;
    this.#stream.write(`${clearLine}${this.#format(progress, columns)}`);
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#stream.isTTY) {
      this.#stream.write(clearLine);
    }
  }
}
