// Patches whose sound tells exactly what was played.

/** Each note is a sine that rises and falls within milliseconds, so it has a pitch, a begin and an end. */
export const plainTones = JSON.stringify({
  amp: 1,
  nodes: {
    keys: { type: 'keys', voices: 4 },
    tone: { type: 'sine' },
    envelope: { type: 'adsr', attack: '2 ms', decay: 0, sustain: 1, release: '5 ms' },
    volume: { type: 'gain', gain: 0 },
    out: { type: 'output' },
  },
  edges: [
    { from: 'keys.freq', to: 'tone.freq' },
    { from: 'keys.gate', to: 'envelope.gate' },
    { from: 'tone', to: 'volume' },
    { from: 'envelope', to: 'volume.gain', depth: 0.25 },
    { from: 'volume', to: 'out' },
  ],
});
