// All of the control thread: ports, OSC, desk and journal, and their clock.

import { existsSync } from 'node:fs';
import type { MidiFile } from '../../control/midi-file.js';
import type { StatusReport } from '../../control/osc/status-feed.js';
import { MidiPorts, sequencerPath } from '../../control/ports/midi-ports.js';
import { engineVersion } from '../../engine/describe.js';
import type { LiveStreamer } from '../../engine/live-streamer.js';
import { attachLiveStreamer } from '../../engine/live-streamer.js';
import type { Patch } from '../../patch/patch.js';
import { readPatch } from '../../patch/read.js';
import { compilePlan } from '../../plan/compile.js';
import type { Failed } from '../failure.js';
import { failed } from '../failure.js';
import { JournalFile } from '../journal-file.js';
import { loadMidiFile } from '../score.js';
import { ControlDesk } from './control-desk.js';
import type { ControlStatus } from './control-status.js';
import type { ControlThreadOptions } from './control-thread.js';
import { OscDoor } from './osc-door.js';

/** Milliseconds. */
const intervals = { tick: 5, ports: 500, status: 50 } as const;

const nanosecondsPerSecond = 1e9;

/** A frame for which time has come so long ago, in nanoseconds, is made. */
const surelyMade = 500_000_000n;

export interface ControlRoomEvents {
  readonly onNotice: (text: string) => void;
  readonly onStatus: (status: ControlStatus) => void;
}

interface Parts {
  readonly options: ControlThreadOptions;
  readonly streamer: LiveStreamer;
  readonly desk: ControlDesk;
  readonly ports: MidiPorts;
  readonly journal: JournalFile | undefined;
}

export class ControlRoom {
  readonly #options: ControlThreadOptions;
  readonly #streamer: LiveStreamer;
  readonly #desk: ControlDesk;
  readonly #ports: MidiPorts;
  readonly #journal: JournalFile | undefined;
  #osc: OscDoor | undefined;
  #report: StatusReport = {};
  #timers: readonly NodeJS.Timeout[] = [];

  private constructor({ options, streamer, desk, ports, journal }: Parts) {
    this.#options = options;
    this.#streamer = streamer;
    this.#desk = desk;
    this.#ports = ports;
    this.#journal = journal;
  }

  /** Opens what there is to open. Failures: as `startControlThread`. */
  static async open(
    options: ControlThreadOptions,
    events: ControlRoomEvents,
  ): Promise<{ readonly ok: true; readonly room: ControlRoom } | Failed> {
    const reading = readPatch(options.patch.text, options.patch.path);
    const compiling = reading.ok ? compilePlan(reading.patch, { sampleRate: options.sampleRate }) : reading;
    if (!reading.ok || !compiling.ok) {
      return failed({ type: 'invalid_patch', diagnostics: compiling.ok ? [] : compiling.diagnostics });
    }
    const loading = await loadFile(options);
    if (!loading.ok) {
      return loading;
    }
    const attaching = attachLiveStreamer(options.handle);
    if (!attaching.ok) {
      return failed({ type: 'engine', error: attaching.error });
    }
    const { streamer } = attaching;
    const journaling = await openJournal(options, streamer, reading.patch, events.onNotice);
    if (!journaling.ok) {
      streamer.close();
      return journaling;
    }
    const { patch } = reading;
    const desk = new ControlDesk({
      patch,
      sampleRate: options.sampleRate,
      streamer,
      file: loading.file,
      loop: options.loop,
    });
    const ports = new MidiPorts({
      wanted: options.midiPorts,
      hasMidiSystem: () => existsSync(sequencerPath),
      now: process.hrtime.bigint,
      onMessage: (port, message, arrival) => desk.midi(port, message, arrival),
      onLost: (port) => desk.portLost(port, process.hrtime.bigint()),
      onNotice: events.onNotice,
    });
    const room = new ControlRoom({ options, streamer, desk, ports, journal: journaling.journal });
    await room.#start(patch, events);
    return { ok: true, room };
  }

  key(name: string, arrival: bigint): void {
    this.#desk.key(name, arrival);
  }

  panic(arrival: bigint): void {
    this.#desk.panic(arrival);
  }

  report(status: StatusReport): void {
    this.#report = status;
  }

  status(): ControlStatus {
    const { midiPath } = this.#options;
    const player = this.#desk.player(process.hrtime.bigint());
    const { lastMessage } = this.#desk;
    return {
      midi: { ...this.#ports.status(), ...(lastMessage === undefined ? {} : { lastMessage }) },
      osc: this.#osc?.status() ?? oscIsOpening,
      ...(player === undefined || midiPath === undefined ? {} : { player: { path: midiPath, ...player } }),
      ...(this.#journal === undefined ? {} : { journal: journalStatus(this.#journal) }),
      notes: { held: this.#desk.heldNotes },
    };
  }

  /** Ends all, and the journal with the length of the performance in frames. */
  async close(frames: number): Promise<ControlStatus> {
    for (const timer of this.#timers) {
      clearInterval(timer);
    }
    this.#ports.close();
    await this.#osc?.close();
    this.#drain();
    await this.#journal?.end(frames);
    const status = this.status();
    this.#streamer.close();
    return status;
  }

  async #start(patch: Patch, { onNotice, onStatus }: ControlRoomEvents): Promise<void> {
    this.#osc = await OscDoor.open({
      patch,
      address: this.#options.oscBind,
      port: this.#options.oscPort,
      perform: (command, time) => this.#desk.command(command, time),
      frame: () => this.#frameHeard(process.hrtime.bigint()),
      status: () => this.#report,
    });
    const { isOpen, reason } = this.#osc.status();
    if (!isOpen && reason !== undefined && this.#options.oscPort !== null) {
      onNotice(`OSC: ${reason}`);
    }
    await this.#ports.poll();
    const midi = this.#ports.status();
    if (midi.reason !== undefined) {
      onNotice(`MIDI: ${midi.reason}`);
    }
    this.#timers = [
      setInterval(() => this.#tick(), intervals.tick),
      setInterval(() => void this.#ports.poll(), intervals.ports),
      setInterval(() => onStatus(this.status()), intervals.status),
    ];
  }

  /** The stream frame that the device asks for at a time. */
  #frameHeard(now: bigint): number {
    const ahead = this.#streamer.eventFrame(now);
    const seconds = Number(this.#streamer.frameTime(ahead) - now) / nanosecondsPerSecond;
    return Math.max(0, Math.round(ahead - seconds * this.#options.sampleRate));
  }

  #tick(): void {
    const now = process.hrtime.bigint();
    this.#drain();
    this.#desk.tick(now);
    this.#journal?.reach(this.#streamer.eventFrame(now - surelyMade));
  }

  /** What was applied goes to the journal and to those who asked for it by OSC. */
  #drain(): void {
    const applied = this.#streamer.appliedEvents();
    this.#journal?.add(applied);
    for (const { event, sequence } of applied) {
      this.#osc?.applied(sequence, event.frame);
    }
  }
}

async function loadFile({
  midiPath,
  midiFile,
}: ControlThreadOptions): Promise<{ readonly ok: true; readonly file: MidiFile | undefined } | Failed> {
  return midiPath === undefined || midiFile !== undefined ? { ok: true, file: midiFile } : loadMidiFile(midiPath);
}

const oscIsOpening = {
  isOpen: false,
  address: '',
  port: 0,
  packets: 0,
  malformed: 0,
  dropped: 0,
  subscribers: 0,
} as const;

function journalStatus({ path, events, error }: JournalFile) {
  return { path, events, ...(error === undefined ? {} : { error }) };
}

async function openJournal(
  { journal, patch, midiPath, sampleRate }: ControlThreadOptions,
  streamer: LiveStreamer,
  { seed }: Patch,
  onNotice: (text: string) => void,
): Promise<{ readonly ok: true; readonly journal: JournalFile | undefined } | Failed> {
  if (journal === undefined) {
    return { ok: true, journal: undefined };
  }
  const version = engineVersion();
  if (!version.ok) {
    return failed({ type: 'engine', error: version.error });
  }
  const { block, channels, latency } = streamer;
  const creating = await JournalFile.create(journal.path, {
    header: { engine: version.engine.version, sampleRate, block, workers: journal.workers, channels, latency, seed },
    plan: journal.plan,
    inputs: midiPath === undefined ? [patch.path] : [patch.path, midiPath],
    onNotice,
  });
  return creating.ok ? { ok: true, journal: creating.file } : creating;
}
