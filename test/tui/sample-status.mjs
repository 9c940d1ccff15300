// A status as a performance gives it, to be changed by the tests.

/** @typedef {import('../../src/session/status.js').SessionStatus} SessionStatus */

/** @type {import('../../src/session/status.js').NodeHeatReport} */
const cool = { temperature: 25, power: 0, state: 'cool', gain: 1 };

/** @type {import('../../src/session/status.js').NodeHeatReport} */
const warm = { temperature: 57.5, power: 0.5, state: 'warm', gain: 1 };

/** @returns {SessionStatus} */
export function sampleStatus() {
  return {
    patch: { name: 'Glass pad', path: 'patches/glass_pad.jsonc', nodes: 7, edges: 9, tempo: 96 },
    handOvers: 0,
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
    memory: {
      committed: 1_310_720,
      used: 1_200_000,
      largestHole: 65_536,
      growths: 0,
      failedGrowths: 0,
      movedBytes: 0,
      waitedSeconds: 0,
    },
    xruns: { total: 0, nodeLate: 0, threadNotRun: 0, deviceNotRun: 0, anchors: 0, growths: 0, recent: [] },
    latency: { device: 0.0053, engine: 0.004, patch: 0.001, total: 0.0103 },
    levels: [
      { peak: 0.5, rms: 0.25 },
      { peak: 0.25, rms: 0.125 },
    ],
    snapshot: 47_250,
    edges: [
      edge({ name: 'keys.freq -> saw.freq', depth: 0, peak: 64, capacity: 256, meanTraversal: 12.3e-6 }),
      edge({
        name: 'echo.out -> echo.in',
        delay: 22_500,
        depth: 22_500,
        peak: 22_564,
        capacity: 32_768,
        oldestAge: 0.468,
      }),
    ],
    nodes: [
      {
        id: 'keys',
        type: 'keys',
        last: 2e-6,
        mean: 2.6e-6,
        p99: 4e-6,
        max: 9e-6,
        share: 0.002,
        late: 0,
        stood: 0,
        stands: false,
        ...cool,
      },
      {
        id: 'saw',
        type: 'saw',
        last: 61e-6,
        mean: 68e-6,
        p99: 74e-6,
        max: 0.0012,
        share: 0.051,
        late: 2,
        stood: 0,
        stands: false,
        ...warm,
      },
    ],
    gates: [],
    workerLoads: [{ busy: 0.12, idle: 0.88, cpu: 0.13 }],
    thermal: {
      ambient: 25,
      warm: 55,
      limit: 80,
      temperature: 31.25,
      power: 0.5,
      state: 'cool',
      groups: [{ name: '1a', temperature: 31.25, power: 0.5, state: 'cool' }],
    },
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
    shedVoices: 0,
    faults: { total: 0, recent: [] },
    slowMoves: [],
    notices: [],
  };
}

/**
 * @param {Partial<import('../../src/session/status.js').EdgeReport> & { name: string }} changes
 * @returns {import('../../src/session/status.js').EdgeReport}
 */
export function edge(changes) {
  return {
    delay: 0,
    depth: 0,
    peak: 0,
    capacity: 64,
    oldestAge: 0,
    meanTraversal: 0,
    maxTraversal: 0,
    drops: 0,
    growths: 0,
    contract: {
      asked: { delay: 0, asks: 0, maxFrames: 2_880_000 },
      granted: { history: 0, maxFrames: 2_880_000, overflow: 'drop_oldest' },
      why: '60 s, the default',
    },
    ...changes,
  };
}
