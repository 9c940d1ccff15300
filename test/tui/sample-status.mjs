// A status as a performance gives it, to be changed by the tests.

/** @typedef {import('../../src/session/status.js').SessionStatus} SessionStatus */

/** @returns {SessionStatus} */
export function sampleStatus() {
  return {
    patch: { name: 'Glass pad', path: 'patches/glass_pad.jsonc', nodes: 7, edges: 9, tempo: 96 },
    frame: 3_024_000,
    seconds: 63,
    sampleRate: 48_000,
    block: 64,
    workers: 1,
    realTimeWorkers: 1,
    device: {
      kind: 'port_audio',
      name: 'hw:Loopback,0',
      hostApi: 'ALSA',
      sampleRate: 48_000,
      frames: 128,
      channels: 2,
      wanted: 'default',
      losses: 0,
    },
    load: { mean: 0.12, worst: 0.31 },
    xruns: { total: 0, nodeLate: 0, threadNotRun: 0, deviceNotRun: 0, anchors: 0, recent: [] },
    latency: { device: 0.0053, engine: 0.004, patch: 0.001, total: 0.0103 },
    levels: [
      { peak: 0.5, rms: 0.25 },
      { peak: 0.25, rms: 0.125 },
    ],
    edges: [
      { name: 'keys.freq -> saw.freq', delay: 0, depth: 64, capacity: 256 },
      { name: 'echo.out -> echo.in', delay: 22_500, depth: 22_500, capacity: 32_768 },
    ],
    nodes: [
      { id: 'keys', type: 'keys', share: 0.002 },
      { id: 'saw', type: 'saw', share: 0.051 },
    ],
    gates: [],
    temperature: { type: 'celsius', value: 51.5, sensor: 'x86_pkg_temp' },
    midi: {
      available: true,
      ports: [{ name: 'Launchkey Mini', isConnected: true, messages: 12 }],
      lastMessage: 'note 60 on, velocity 100',
    },
    osc: {
      isOpen: true,
      address: '127.0.0.1',
      port: 9000,
      packets: 3,
      malformed: 0,
      dropped: 0,
      subscribers: 1,
      lastAddress: '/low/cutoff',
    },
    heldNotes: 0,
    lateEvents: 0,
    lostEvents: 0,
    notices: [],
  };
}
