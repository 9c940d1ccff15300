// The music of patches/*.mid. After a change to it, write the files anew:
//
//     node test/acceptance/scores.mjs
//
// A test makes the same bytes again and compares them with the files.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import midiFile from 'midi-file';

/**
 * A note of a score. Times are in whole notes, as lengths are written in patches: 1/4 is a beat.
 *
 * @typedef {object} Note
 * @property {string} name C4 is MIDI note 60
 * @property {number} velocity 1 to 127
 * @property {number} start
 * @property {number} length
 */

/** A line of music: the name of a note, or '' for a rest, and its length. @typedef {readonly (readonly [string, number])[]} Line */

const ticksPerBeat = 480;
const ticksPerWhole = 4 * ticksPerBeat;

/** @param {string} name */
function noteNumber(name) {
  const [, letter = '', accidental = '', octave = ''] = /^([A-G])([#b]?)(-?\d)$/.exec(name) ?? [];
  const semitones = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 }[letter];
  if (semitones === undefined) throw new Error(`${name} is not a note`);
  return 12 * (Number(octave) + 1) + semitones + (accidental === '#' ? 1 : accidental === 'b' ? -1 : 0);
}

/**
 * The notes of a line, one after the other.
 *
 * @param {Line} line
 * @param {number} begin
 * @param {(step: number) => number} velocity of the note that stands there
 * @param {number} held share of its length for which a note is held
 * @returns {Note[]}
 */
function sung(line, begin, velocity, held) {
  let at = begin;
  return line.flatMap(([name, length], step) => {
    const start = at;
    at += length;
    return name === '' ? [] : [{ name, velocity: velocity(step), start, length: length * held }];
  });
}

/** Two bars each: a chord that is rolled upwards and held, and a melody above it. The piece rises and comes to rest. */
const padPhrases = [
  {
    chord: 'D3 A3 C#4 E4 F#4',
    velocity: 60,
    melody: '1/2 A5 1/4 F#5 1/4 E5 3/8 C#5 1/8 E5 1/2',
  },
  {
    chord: 'B2 F#3 A3 D4 E4',
    velocity: 68,
    melody: '3/8 F#5 1/8 A5 1/4 B5 1/4 A5 3/8 D5 1/8 E5 1/2',
  },
  {
    chord: 'G2 D3 F#3 B3 C#4',
    velocity: 78,
    melody: '1/2 D6 1/4 C#6 1/4 B5 1/8 F#5 1/8 C#5 1/4 D5 1/2',
  },
  {
    chord: 'A2 E3 G3 B3 D4',
    velocity: 88,
    melody: '1/4 E5 1/8 G5 1/8 B5 1/4 A5 1/4 E5 1/4 D5 1/4 E5 1/2',
  },
  {
    chord: 'F#2 C#3 A3 E4 G#4',
    velocity: 96,
    melody: '1/2 C#6 1/4 B5 1/8 G#5 1/8 A5 1/2 E5 1/2',
  },
  {
    chord: 'D2 A2 F#3 C#4 E4',
    velocity: 72,
    melody: '1/4 F#5 1/4 A5 1/4 C#6 1/4 E6 1/1',
  },
];

/** Reads `A5 1/4 3/8 E5 1/2`: notes with their lengths; a length without a note is a rest. @param {string} text @returns {Line} */
function line(text) {
  /** @type {[string, number][]} */
  const read = [];
  let name = '';
  for (const word of text.split(' ')) {
    const [, over, under] = /^(\d+)\/(\d+)$/.exec(word) ?? [];
    if (over === undefined) {
      name = word;
    } else {
      read.push([name, Number(over) / Number(under)]);
      name = '';
    }
  }
  return read;
}

/** @returns {Note[]} */
function padNotes() {
  const roll = 1 / 64;
  return padPhrases.flatMap(({ chord, velocity, melody }, index) => {
    const begin = 2 * index;
    const chordNotes = chord.split(' ').map((name, string) => ({
      name,
      velocity: velocity + 2 * string,
      start: begin + string * roll,
      length: 31 / 16 - string * roll,
    }));
    // A melody is not played evenly.
    return [...chordNotes, ...sung(line(melody), begin, (step) => velocity + ((step * 7) % 18), 0.9)];
  });
}

/** One bar each. */
const bassBars = [
  'D2 1/8 1/16 D2 1/16 1/8 D3 1/16 C3 1/16 D2 1/8 1/16 A2 1/16 C3 1/8 D3 1/8',
  'D2 1/8 1/16 D2 1/16 1/8 F2 1/16 G2 1/16 A2 1/8 1/16 G2 1/16 F2 1/8 C2 1/8',
  'Bb1 1/8 1/16 Bb1 1/16 1/8 Bb2 1/16 A2 1/16 Bb1 1/8 1/16 F2 1/16 A2 1/8 Bb2 1/8',
  'C2 1/8 1/16 C2 1/16 1/8 C3 1/16 A2 1/16 D2 1/2',
];

/** @returns {Note[]} */
function bassNotes() {
  // The beat hard, what leads to it soft.
  const accents = [120, 70, 84, 76, 100, 92, 112, 80, 96, 90, 104];
  return bassBars.flatMap((bar, index) => sung(line(bar), index, (step) => accents[step % accents.length] ?? 90, 0.8));
}

/**
 * The bytes of a MIDI file of one track, on channel 1.
 *
 * @param {string} title
 * @param {number} beatsPerMinute
 * @param {readonly Note[]} notes
 */
function writeScore(title, beatsPerMinute, notes) {
  const messages = notes.flatMap(({ name, velocity, start, length }) => {
    const key = { channel: 0, noteNumber: noteNumber(name) };
    return [
      { tick: Math.round(start * ticksPerWhole), type: 'noteOn', ...key, velocity },
      { tick: Math.round((start + length) * ticksPerWhole), type: 'noteOff', ...key, velocity: 64 },
    ];
  });
  // On one tick notes end before others begin.
  messages.sort((a, b) => a.tick - b.tick || Number(a.type === 'noteOn') - Number(b.type === 'noteOn'));
  let now = 0;
  const track = [
    { deltaTime: 0, type: 'trackName', text: title },
    { deltaTime: 0, type: 'setTempo', microsecondsPerBeat: Math.round(60_000_000 / beatsPerMinute) },
    { deltaTime: 0, type: 'timeSignature', numerator: 4, denominator: 4, metronome: 24, thirtyseconds: 8 },
    ...messages.map(({ tick, ...message }) => {
      const deltaTime = tick - now;
      now = tick;
      return { deltaTime, ...message };
    }),
    { deltaTime: 0, type: 'endOfTrack' },
  ];
  const header = { format: /** @type {const} */ (0), numTracks: 1, ticksPerBeat };
  const events = /** @type {import('midi-file').MidiEvent[]} */ (track);
  return Uint8Array.from(midiFile.writeMidi({ header, tracks: [events] }));
}

/** Each file of music in patches/, by its name. @returns {Readonly<Record<string, Uint8Array>>} */
export function writeScores() {
  return {
    'bass.mid': writeScore('Bass', 112, bassNotes()),
    'glass_pad.mid': writeScore('Glass pad', 96, padNotes()),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, bytes] of Object.entries(writeScores())) {
    writeFileSync(new URL(`../../patches/${name}`, import.meta.url), bytes);
  }
}
