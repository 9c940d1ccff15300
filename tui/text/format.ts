// Numbers as a performer reads them at a glance: fixed width of fraction, unit behind.

/** Hours only when there are some: `3:07.4`, `1:02:03.4`. */
export function formatTime(seconds: number): string {
  if (!Number.isFinite(seconds)) {
    return '?';
  }
  const tenths = Math.max(0, Math.floor(seconds * 10));
  const [hours, minutes, rest] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60, (tenths % 600) / 10];
  const tail = `${rest.toFixed(1).padStart(4, '0')}`;
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** @param seconds shown in milliseconds with one digit, as `5.3 ms`; long ones in seconds */
export function formatLatency(seconds: number): string {
  if (!Number.isFinite(seconds)) {
    return '?';
  }
  return Math.abs(seconds) < 10 ? `${(seconds * 1000).toFixed(1)} ms` : `${seconds.toFixed(1)} s`;
}

/** With one digit, in the unit that suits: `12.3 µs`, `5.3 ms`, `2.0 s`; at most eight cells up to a day. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) {
    return '?';
  }
  const size = Math.abs(seconds);
  return size < 999.95e-6
    ? `${(seconds * 1e6).toFixed(1)} µs`
    : size < 0.99995
      ? `${(seconds * 1000).toFixed(1)} ms`
      : `${seconds.toFixed(1)} s`;
}

/** The level of an amplitude in dB relative to full scale, without its unit: `-12.3`; `-inf` for silence. */
export function formatLevel(amplitude: number): string {
  const level = decibels(amplitude);
  if (Number.isNaN(level)) {
    return '?';
  }
  return level <= -120 ? '-inf' : level.toFixed(1);
}

/** 20 log10 of an amplitude. */
export function decibels(amplitude: number): number {
  return 20 * Math.log10(amplitude);
}

export function formatShare(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(0)} %` : '?';
}

/** `48 kHz`, `44.1 kHz`. */
export function formatRate(hertz: number): string {
  return Number.isFinite(hertz) ? `${Number((hertz / 1000).toFixed(3))} kHz` : '?';
}

/** `1 frame`, `2 frames`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** As `formatShare`, with a digit more. */
export function formatShareFinely(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)} %` : '?';
}

/** Bytes in the unit that leaves one to four digits. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${value.toFixed(value < 10 && power > 0 ? 1 : 0)} ${units[power]}`;
}
