// One performance while it plays: what it tells, and how it ends.

import type { LiveStatus, LiveStreamer } from '../engine/live-streamer.js';
import type { ControlEnding, ControlThread } from './control/control-thread.js';
import type { OutputDevice, PlayedFile } from './device/output-device.js';
import { LoadWindow } from './load-window.js';
import { NodeFaultLog } from './node-fault-log.js';
import type { NoticeLog } from './notice-log.js';
import type { PatchChanges } from './patch/patch-changes.js';
import type { PerformanceFacts } from './performance-status.js';
import { performanceStatus, statusReport } from './performance-status.js';
import type { Recorder, RecordingEnding } from './recorder.js';
import type { SessionStatus, Temperature, XrunSummary } from './status.js';
import { readTemperature } from './temperature.js';
import { readThrottleCount } from './throttling.js';
import { XrunLog } from './xrun-log.js';

export interface PerformanceSummary {
  /** Length of the performance: of its recording, and of its journal. */
  readonly frames: number;
  readonly seconds: number;
  readonly sampleRate: number;
  /** Of a device that is a file. */
  readonly file?: PlayedFile;
  readonly recording?: RecordingEnding;
  readonly journal?: NonNullable<ControlEnding['journal']>;
  readonly xruns: XrunSummary;
  readonly lateEvents: number;
  readonly lostEvents: number;
  readonly shedVoices: number;
}

/** All that plays; the performance ends it. */
export interface PerformanceParts {
  /** By number of the plan. */
  readonly facts: ReadonlyMap<number, PerformanceFacts>;
  readonly streamer: LiveStreamer;
  readonly device: OutputDevice;
  readonly control: ControlThread;
  readonly changes: PatchChanges;
  readonly recorder: Recorder | undefined;
  readonly notices: NoticeLog;
  /** Frames after which it ends by itself. */
  readonly frames: number | undefined;
}

/** Milliseconds. */
const watchInterval = 50;
const reportInterval = 100;
const temperatureInterval = 2000;

/** Said once: how many there were is told beside the xruns. */
const overloadNotice =
  'the machine is too slow for what sounds: the softest voices end, as "overload" of the patch says';

/** Use `startPerformance`. */
export class Performance {
  readonly #parts: PerformanceParts;
  readonly #loads = new LoadWindow();
  readonly #xruns: XrunLog;
  readonly #faults: NodeFaultLog;
  readonly #timers: readonly NodeJS.Timeout[];
  #live: LiveStatus;
  #facts: PerformanceFacts;
  #temperature: Temperature = { type: 'none', reason: 'not read yet' };
  /** When it began, and since. */
  #throttlesBefore: number | undefined;
  #throttles: number | undefined;
  #stopping: Promise<PerformanceSummary> | undefined;
  #reachEnd: () => void = () => undefined;
  /** Resolves when it has lasted as long as it was to last. */
  readonly ended: Promise<void> = new Promise((resolve) => {
    this.#reachEnd = resolve;
  });

  constructor(parts: PerformanceParts) {
    this.#parts = parts;
    const { sampleRate } = parts.streamer;
    this.#xruns = new XrunLog(sampleRate);
    this.#faults = new NodeFaultLog(sampleRate);
    this.#live = parts.streamer.status();
    const facts = this.#presentFacts();
    if (facts === undefined) {
      throw new Error('nobody knows the plan that plays');
    }
    this.#facts = facts;
    parts.notices.keepTime(() => this.#live.clock / sampleRate);
    this.#timers = [
      setInterval(() => this.#watch(), watchInterval),
      setInterval(() => parts.control.report(statusReport(this.status())), reportInterval),
      setInterval(() => void this.#feelTemperature(), temperatureInterval),
    ];
    void this.#feelTemperature();
  }

  status(): SessionStatus {
    const { streamer, device, control, changes, recorder, notices } = this.#parts;
    const live = this.#live;
    this.#facts = this.#presentFacts() ?? this.#facts;
    return performanceStatus(this.#facts, streamer, {
      live,
      handOvers: changes.handOvers,
      refusal: changes.refusal,
      load: this.#loads.load(),
      xruns: this.#xruns.summary(),
      faults: this.#faults.summary(),
      device: device.status(live),
      deviceLatency: device.latencySeconds(live),
      temperature: this.#temperature,
      throttles: this.#throttles,
      control: control.status(),
      recording: recorder?.status(),
      notices: notices.recent(),
    });
  }

  /** A key of the computer was pressed, by its name in `src/patch/control-source.ts`. */
  key(name: string): void {
    this.#parts.control.key(name);
  }

  /** Releases all notes and pedals. */
  panic(): void {
    this.#parts.control.panic();
  }

  /** Called with each notice from now on, and with those that nobody has heard yet. */
  onNotice(listener: (text: string) => void): void {
    this.#parts.notices.listen(listener);
  }

  /** Ends the performance; recording and journal are whole then, and of one length. A second call waits for the first. */
  stop(): Promise<PerformanceSummary> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<PerformanceSummary> {
    for (const timer of this.#timers) {
      clearInterval(timer);
    }
    const { streamer, device, control, changes, recorder } = this.#parts;
    const { latency, sampleRate } = streamer;
    this.#watch();
    const last = this.#lastFrame() ?? Number.POSITIVE_INFINITY;
    const end = Math.max(latency, Math.min(this.#live.made, last));
    const frames = end - latency;
    const [recording, ending] = await Promise.all([
      recorder?.finish(end),
      control.stop(frames),
      device.close(),
      changes.close(),
    ]);
    const { file } = device;
    this.#watch();
    streamer.close();
    const { lateEvents, lostEvents, shedVoices } = this.#live;
    return {
      frames,
      seconds: frames / sampleRate,
      sampleRate,
      ...(file === undefined ? {} : { file }),
      ...(recording === undefined ? {} : { recording }),
      ...(ending.journal === undefined ? {} : { journal: ending.journal }),
      xruns: this.#xruns.summary(),
      lateEvents,
      lostEvents,
      shedVoices,
    };
  }

  /** Of the plan that events go to; nothing when the streamer is closed. */
  #presentFacts(): PerformanceFacts | undefined {
    const { facts, streamer } = this.#parts;
    return facts.get(streamer.presentPlan());
  }

  /** The output frame at which it ends by itself. */
  #lastFrame(): number | undefined {
    const { frames, streamer } = this.#parts;
    return frames === undefined ? undefined : streamer.latency + frames;
  }

  #watch(): void {
    const { streamer, device } = this.#parts;
    const { shedVoices: shedBefore } = this.#live;
    this.#live = streamer.status();
    if (shedBefore === 0 && this.#live.shedVoices > 0) {
      this.#parts.notices.add(overloadNotice);
    }
    this.#loads.add(this.#live, performance.now());
    this.#xruns.add(
      streamer.xruns(),
      this.#facts.plan.nodes.map(({ id }) => id),
    );
    const { facts, notices } = this.#parts;
    for (const text of this.#faults.add(streamer.nodeFaults(), (plan) => facts.get(plan)?.plan.nodes ?? [])) {
      notices.add(text);
    }
    device.watch(this.#live);
    const last = this.#lastFrame();
    if (last !== undefined && this.#live.made >= last) {
      this.#reachEnd();
    }
  }

  async #feelTemperature(): Promise<void> {
    this.#temperature = await readTemperature();
    const count = await readThrottleCount();
    this.#throttlesBefore ??= count;
    this.#throttles = count === undefined ? undefined : count - (this.#throttlesBefore ?? count);
  }
}
