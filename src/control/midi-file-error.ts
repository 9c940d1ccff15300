// Why bytes are not a MIDI file that can be played.

/** What is wrong, and where. */
export interface MidiFileError {
  /** In bytes from the start of the file: of the field at fault, or of the track that holds it. */
  readonly offset: number;
  readonly message: string;
}

/** Ends the reading of a malformed file; `readMidiFile` turns it into a value. */
export class MalformedMidiFile extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.name = 'MalformedMidiFile';
    this.offset = offset;
  }
}
