/** The memory of the plans that a streamer has. */
export interface ArenaStats {
  /** Bytes of address space. */
  readonly reserved: number;
  /** Bytes of memory. */
  readonly committed: number;
  /** Bytes handed out. */
  readonly used: number;
  /** Bytes of the longest run of memory that nobody uses. */
  readonly largestHole: number;
  /** Wheels that became longer, behind gates that hold, since the start. */
  readonly growths: number;
  /** Growths that found no memory: the oldest frames that wait are dropped instead. */
  readonly failedGrowths: number;
  /** Bytes that growths have copied. */
  readonly movedBytes: number;
  /** How long the stream has stood still because a growth was not ready. */
  readonly waitedSeconds: number;
}

/** Of a streamer that is closed. */
export const noArena: ArenaStats = {
  reserved: 0,
  committed: 0,
  used: 0,
  largestHole: 0,
  growths: 0,
  failedGrowths: 0,
  movedBytes: 0,
  waitedSeconds: 0,
};
