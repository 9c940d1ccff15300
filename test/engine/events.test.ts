import { describe, expect, test } from 'vitest';
import type { StreamEvent } from '../../src/engine/event.js';
import type { AmpGraphStreamer } from '../../src/engine/streamer.js';
import { loudnessBy, peakOf, planBytes, quietSine, running, takeFrames } from './running.js';

const noteOn = { type: 'note_on', channel: 1, note: 69, velocity: 0.5, frame: 0 } as const;

function post(streamer: AmpGraphStreamer, events: readonly StreamEvent[]): void {
  for (const event of events) {
    expect(streamer.post(event)).toMatchObject({ ok: true });
  }
}

/** How loud the sound is from 4800 to 9600 frames after the events. */
async function loudnessAfter(tap: string, events: readonly StreamEvent[]): Promise<number> {
  const streamer = running(planBytes(loudnessBy(tap)));
  post(streamer, events);
  await takeFrames(streamer, 4800 + streamer.latency);
  return peakOf(await takeFrames(streamer, 4800)) / 0.25;
}

describe('an event', () => {
  test('of a note begins its sound on its frame', async () => {
    const streamer = running(planBytes(loudnessBy('gate')));
    post(streamer, [{ ...noteOn, frame: 1234 }]);
    const sound = (await takeFrames(streamer, streamer.latency + 2000)).subarray(streamer.latency);
    expect(peakOf(sound.subarray(0, 1234))).toBe(0);
    // A sine begins at zero, so its second sample is the first that is heard.
    expect(sound[1235]).not.toBe(0);
  });

  test('of a note carries its velocity', async () => {
    expect(await loudnessAfter('velocity', [noteOn])).toBeCloseTo(0.5, 2);
  });

  test('of a released note closes its gate', async () => {
    const off = { type: 'note_off', channel: 1, note: 69, frame: 100 } as const;
    expect(await loudnessAfter('gate', [noteOn, off])).toBe(0);
  });

  test('of a pedal that is down holds released notes', async () => {
    const pedal = { type: 'sustain', channel: 1, isDown: true, frame: 50 } as const;
    const off = { type: 'note_off', channel: 1, note: 69, frame: 100 } as const;
    expect(await loudnessAfter('gate', [noteOn, pedal, off])).toBeCloseTo(1, 2);
  });

  test('of a pedal that comes up releases them', async () => {
    const down = { type: 'sustain', channel: 1, isDown: true, frame: 50 } as const;
    const off = { type: 'note_off', channel: 1, note: 69, frame: 100 } as const;
    const up = { type: 'sustain', channel: 1, isDown: false, frame: 150 } as const;
    expect(await loudnessAfter('gate', [noteOn, down, off, up])).toBe(0);
  });

  test('of a bend in semitones reaches its voices in octaves', async () => {
    const bend = { type: 'pitch_bend', channel: 1, semitones: 0.75, frame: 100 } as const;
    expect(await loudnessAfter('bend', [noteOn, bend])).toBeCloseTo(0.75 / 12, 4);
  });

  test('of pressure on a note reaches its voice', async () => {
    const pressure = { type: 'note_pressure', channel: 1, note: 69, pressure: 0.6, frame: 100 } as const;
    expect(await loudnessAfter('pressure', [noteOn, pressure])).toBeCloseTo(0.6, 2);
  });

  test('of pressure on another note does not', async () => {
    const pressure = { type: 'note_pressure', channel: 1, note: 70, pressure: 0.6, frame: 100 } as const;
    expect(await loudnessAfter('pressure', [noteOn, pressure])).toBe(0);
  });

  test('of pressure on a channel reaches all of its voices', async () => {
    const pressure = { type: 'channel_pressure', channel: 1, pressure: 0.7, frame: 100 } as const;
    expect(await loudnessAfter('pressure', [noteOn, pressure])).toBeCloseTo(0.7, 2);
  });

  test('of timbre reaches the voices of its channel', async () => {
    const timbre = { type: 'timbre', channel: 1, timbre: 0.8, frame: 100 } as const;
    expect(await loudnessAfter('timbre', [noteOn, timbre])).toBeCloseTo(0.8, 2);
  });

  test.each([1, 'all'] as const)('that ends all notes of channel %s does so', async (channel) => {
    expect(await loudnessAfter('gate', [noteOn, { type: 'all_notes_off', channel, frame: 100 }])).toBe(0);
  });

  test('that sets a parameter moves it', async () => {
    const streamer = running(planBytes(quietSine));
    const found = streamer.findNode('level');
    const node = found.ok ? found.node : -1;
    post(streamer, [{ type: 'set_parameter', node, parameter: 0, value: 0.1, frame: 100 }]);
    await takeFrames(streamer, 9600);
    expect(peakOf(await takeFrames(streamer, 4800))).toBeCloseTo(0.1, 3);
  });

  test('that sets a parameter with a rate moves it there', async () => {
    const streamer = running(planBytes(quietSine));
    const found = streamer.findNode('level');
    const node = found.ok ? found.node : -1;
    post(streamer, [{ type: 'set_parameter', node, parameter: 0, value: 0, rate: 0.5, frame: 0 }]);
    // From 0.25 to 0 at 0.5 a second: half of it is left after a quarter of a second.
    await takeFrames(streamer, 11_500);
    expect(peakOf(await takeFrames(streamer, 500))).toBeCloseTo(0.13, 2);
    await takeFrames(streamer, 24_000);
    expect(peakOf(await takeFrames(streamer, 480))).toBe(0);
  });

  test('that sets the gain of an edge is heard', async () => {
    const streamer = running(planBytes(quietSine));
    post(streamer, [{ type: 'set_edge_gain', edge: 1, value: 0.5, rate: 100, frame: 100 }]);
    await takeFrames(streamer, 9600);
    expect(peakOf(await takeFrames(streamer, 4800))).toBeCloseTo(0.125, 3);
  });

  test('for a frame that is sealed is late, and counted', async () => {
    const streamer = running(planBytes(quietSine));
    await takeFrames(streamer, 1000);
    post(streamer, [{ ...noteOn, frame: 10 }]);
    await takeFrames(streamer, 1000);
    expect(streamer.eventCounts()).toEqual({ late: 1, lost: 0 });
  });
});

describe('applied events', () => {
  /** Two gates in the place of one edge. */
  const gatedSine = {
    ...quietSine,
    edges: [
      { from: 'sine', to: 'level' },
      { id: 'wire', from: 'level', to: 'out' },
      { id: 'wobble', from: 'sine', to: 'level.gain', depth: 0 },
    ],
    gates: { drop: { members: ['wire'] }, still: { members: ['wobble'] } },
  };
  const events: readonly StreamEvent[] = [
    { ...noteOn, frame: 1 },
    { type: 'note_pressure', channel: 2, note: 69, pressure: 0.5, frame: 2 },
    { type: 'channel_pressure', channel: 2, pressure: 0.25, frame: 3 },
    { type: 'pitch_bend', channel: 16, semitones: -1.5, frame: 4 },
    { type: 'timbre', channel: 1, timbre: 0.75, frame: 5 },
    { type: 'sustain', channel: 1, isDown: true, frame: 6 },
    { type: 'note_off', channel: 1, note: 69, frame: 7 },
    { type: 'all_notes_off', channel: 'all', frame: 8 },
    { type: 'all_notes_off', channel: 3, frame: 9 },
    { type: 'set_parameter', node: 0, parameter: 0, value: 440, frame: 10 },
    { type: 'set_parameter', node: 1, parameter: 0, value: 0.5, rate: 2, acceleration: 8, area: 0.25, frame: 11 },
    { type: 'set_edge_gain', edge: 1, value: -0.5, rate: 16, frame: 12 },
    { type: 'set_gate', gate: 0, change: 'close', frame: 13 },
    { type: 'set_gate', gate: 1, change: 'open', frame: 14 },
    { type: 'set_gate', gate: 0, change: 'toggle', frame: 15 },
    { type: 'drain_node', node: 1, isDrained: true, frame: 16 },
    { type: 'drain_node', node: 1, isDrained: false, frame: 17 },
  ];

  test('are told as they were posted, in their order', async () => {
    const streamer = running(planBytes(gatedSine), { journal: true });
    const sequences = events.map((event) => streamer.post(event));
    await takeFrames(streamer, 64);
    const applied = streamer.appliedEvents();
    expect(applied.map(({ event }) => event)).toEqual(events);
    expect(applied.map(({ sequence }) => ({ ok: true, sequence }))).toEqual(sequences);
    expect(applied.every(({ wasLate }) => !wasLate)).toBe(true);
    expect(streamer.appliedEvents()).toEqual([]);
  });

  test('tell the frame at which a late one took effect', async () => {
    const streamer = running(planBytes(quietSine), { journal: true });
    await takeFrames(streamer, 1000);
    post(streamer, [{ ...noteOn, frame: 10 }]);
    await takeFrames(streamer, 1000);
    expect(streamer.appliedEvents()).toMatchObject([{ event: { ...noteOn, frame: 1024 }, wasLate: true }]);
  });

  test('are not kept unless asked', async () => {
    const streamer = running(planBytes(gatedSine));
    post(streamer, events);
    await takeFrames(streamer, 64);
    expect(streamer.appliedEvents()).toEqual([]);
  });
});

describe('an event is refused', () => {
  const refused = { ok: false, error: { code: 'argument' } };

  test.each<StreamEvent>([
    { ...noteOn, frame: -1 },
    { ...noteOn, frame: 0.5 },
    { ...noteOn, frame: Number.NaN },
    { ...noteOn, channel: 0 },
    { ...noteOn, channel: 17 },
    { ...noteOn, note: 128 },
    { ...noteOn, note: -1 },
    { ...noteOn, velocity: Number.NaN },
    { ...noteOn, velocity: 1e39 },
    { type: 'note_pressure', channel: 1, note: 255, pressure: 0.5, frame: 0 },
    { type: 'all_notes_off', channel: 17, frame: 0 },
    { type: 'set_parameter', node: 99, parameter: 0, value: 0, frame: 0 },
    { type: 'set_parameter', node: 0, parameter: 99, value: 0, frame: 0 },
    { type: 'set_parameter', node: 2 ** 32, parameter: 0, value: 0, frame: 0 },
    { type: 'set_parameter', node: 0, parameter: 0, value: 0, rate: -1, frame: 0 },
    { type: 'set_parameter', node: 0, parameter: 0, value: 0, area: -1, frame: 0 },
    { type: 'set_parameter', node: 0, parameter: 0, value: 0, acceleration: Number.POSITIVE_INFINITY, frame: 0 },
    { type: 'set_edge_gain', edge: 99, value: 0, frame: 0 },
    { type: 'set_edge_gain', edge: -1, value: 0, frame: 0 },
    { type: 'set_edge_gain', edge: 0, value: Number.NaN, frame: 0 },
    { type: 'set_gate', gate: 0, change: 'open', frame: 0 },
    { type: 'set_gate', gate: -1, change: 'open', frame: 0 },
    { type: 'drain_node', node: 99, isDrained: true, frame: 0 },
    { type: 'shed_voice', node: 0, voice: 0, frame: 0 },
  ])('when a field is out of range: %j', (event) => {
    expect(running(planBytes(quietSine)).post(event)).toMatchObject(refused);
  });

  test('when 16384 others wait, and fits again once frames were taken', async () => {
    const streamer = running(planBytes(quietSine));
    for (let count = 0; count < 16_384; count++) {
      expect(streamer.post({ ...noteOn, frame: 1_000_000 }).ok).toBe(true);
    }
    expect(streamer.post(noteOn)).toMatchObject({ ok: false, error: { code: 'full' } });
    await takeFrames(streamer, 64);
    expect(streamer.post({ ...noteOn, frame: 1000 }).ok).toBe(true);
  });
});
