// Writes MIDI files for tests, byte by byte, after the standard's text alone.

/** An event of a track: ticks since the event before, and its bytes. */
export type TrackEvent = readonly [delta: number, ...bytes: readonly number[]];

export interface FileSketch {
  readonly format?: number;
  /** The word that tells what a tick is. */
  readonly division?: number;
  readonly tracks: readonly (readonly TrackEvent[])[];
  /** The number of tracks that the header announces. */
  readonly announced?: number;
}

/** A whole file; each track gets its end. */
export function midiFile({ format, division = 480, tracks, announced = tracks.length }: FileSketch): Uint8Array {
  const kind = format ?? (tracks.length === 1 ? 0 : 1);
  return Uint8Array.from([
    ...chunk('MThd', [...word(kind), ...word(announced), ...word(division)]),
    ...tracks.flatMap((events) => chunk('MTrk', [...events, endOfTrack(0)].flatMap(eventBytes))),
  ]);
}

export function chunk(name: string, content: readonly number[]): readonly number[] {
  const { length } = content;
  return [
    ...[...name].map((letter) => letter.charCodeAt(0)),
    ...word(length >>> 16),
    ...word(length & 0xffff),
    ...content,
  ];
}

export function eventBytes([delta, ...bytes]: TrackEvent): readonly number[] {
  return [...variableLength(delta), ...bytes];
}

export function endOfTrack(delta: number): TrackEvent {
  return [delta, 0xff, 0x2f, 0];
}

export function tempo(delta: number, microseconds: number): TrackEvent {
  return [delta, 0xff, 0x51, 3, (microseconds >> 16) & 0xff, (microseconds >> 8) & 0xff, microseconds & 0xff];
}

/** Division of SMPTE time. */
export function timecode(framesPerSecond: number, ticksPerFrame: number): number {
  return ((256 - framesPerSecond) << 8) | ticksPerFrame;
}

function word(value: number): readonly number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}

function variableLength(value: number): readonly number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) {
    bytes.unshift((rest & 0x7f) | 0x80);
  }
  return bytes;
}
