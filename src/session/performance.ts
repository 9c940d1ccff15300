// One performance while it plays: what it tells, and how it ends.

import type { LiveStatus, LiveStreamer } from '../engine/live-streamer.js';
import type { ControlEnding, ControlThread } from './control/control-thread.js';
import type { OutputDevice, PlayedFile } from './device/output-device.js';
import { LoadWindow } from './load-window.js';
import type { NoticeLog } from './notice-log.js';
import type { PerformanceFacts } from './performance-status.js';
import { performanceStatus, statusReport } from './performance-status.js';
import type { Recorder, RecordingEnding } from './recorder.js';
import type { SessionStatus, Temperature, XrunSummary } from './status.js';
import { readTemperature } from './temperature.js';
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
}

/** All that plays; the performance ends it. */
export interface PerformanceParts {
  readonly facts: PerformanceFacts;
  readonly streamer: LiveStreamer;
  readonly device: OutputDevice;
  readonly control: ControlThread;
  readonly recorder: Recorder | undefined;
  readonly notices: NoticeLog;
  /** Frames after which it ends by itself. */
  readonly frames: number | undefined;
}

/** Milliseconds. */
const watchInterval = 50;
const reportInterval = 100;
const temperatureInterval = 2000;

/** Use `startPerformance`. */
export class Performance {
  readonly #parts: PerformanceParts;
  readonly #loads = new LoadWindow();
  readonly #xruns: XrunLog;
  readonly #timers: readonly NodeJS.Timeout[];
  #live: LiveStatus;
  #temperature: Temperature = { type: 'none', reason: 'not read yet' };
  #stopping: Promise<PerformanceSummary> | undefined;
  #reachEnd: () => void = () => undefined;
  /** Resolves when it has lasted as long as it was to last. */
  readonly ended: Promise<void> = new Promise((resolve) => {
    this.#reachEnd = resolve;
  });

  constructor(parts: PerformanceParts) {
    this.#parts = parts;
    const { nodes, stream } = parts.facts.plan;
    this.#xruns = new XrunLog(
      stream.sampleRate,
      nodes.map(({ id }) => id),
    );
    this.#live = parts.streamer.status();
    parts.notices.keepTime(() => this.#live.clock / stream.sampleRate);
    this.#timers = [
      setInterval(() => this.#watch(), watchInterval),
      setInterval(() => parts.control.report(statusReport(this.status())), reportInterval),
      setInterval(() => void this.#feelTemperature(), temperatureInterval),
    ];
    void this.#feelTemperature();
  }

  status(): SessionStatus {
    const { facts, streamer, device, control, recorder, notices } = this.#parts;
    const live = this.#live;
    return performanceStatus(facts, streamer, {
      live,
      load: this.#loads.load(),
      xruns: this.#xruns.summary(),
      device: device.status(live),
      deviceLatency: device.latencySeconds(live),
      temperature: this.#temperature,
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
    const { streamer, device, control, recorder, facts } = this.#parts;
    const { latency } = streamer;
    this.#watch();
    const last = this.#lastFrame() ?? Number.POSITIVE_INFINITY;
    const end = Math.max(latency, Math.min(this.#live.made, last));
    const frames = end - latency;
    const [recording, ending] = await Promise.all([recorder?.finish(end), control.stop(frames), device.close()]);
    const { sampleRate } = facts.plan.stream;
    const { file } = device;
    this.#watch();
    streamer.close();
    const { lateEvents, lostEvents } = this.#live;
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
    };
  }

  /** The output frame at which it ends by itself. */
  #lastFrame(): number | undefined {
    const { frames, streamer } = this.#parts;
    return frames === undefined ? undefined : streamer.latency + frames;
  }

  #watch(): void {
    const { streamer, device } = this.#parts;
    this.#live = streamer.status();
    this.#loads.add(this.#live, performance.now());
    this.#xruns.add(streamer.xruns());
    device.watch(this.#live);
    const last = this.#lastFrame();
    if (last !== undefined && this.#live.made >= last) {
      this.#reachEnd();
    }
  }

  async #feelTemperature(): Promise<void> {
    this.#temperature = await readTemperature();
  }
}
