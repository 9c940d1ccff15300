// All of the control thread: ports, OSC, desk and journal, and their clock.

import { existsSync } from 'node:fs';
import type { MidiFile } from '../../control/midi-file.js';
import type { CommandOutcome, Performing } from '../../control/osc/osc-server.js';
import type { StatusReport } from '../../control/osc/status-feed.js';
import { MidiPorts, sequencerPath } from '../../control/ports/midi-ports.js';
import { engineVersion } from '../../engine/describe.js';
import type { AppliedEvent, LiveStreamer } from '../../engine/live-streamer.js';
import { attachLiveStreamer } from '../../engine/live-streamer.js';
import type { PatchContent } from '../../patch/patch-content.js';
import type { Failed } from '../failure.js';
import { failed } from '../failure.js';
import { JournalFile } from '../journal-file.js';
import { loadMidiFile } from '../score.js';
import type { PatchWish } from './control-desk.js';
import { ControlDesk } from './control-desk.js';
import type { HandOverOrder } from './control-messages.js';
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
  /** A plan has taken over, or cannot. */
  readonly onHandedOver: (plan: number, outcome: CommandOutcome) => void;
  /** Somebody wants another patch; `answer` is to be called with its number. */
  readonly onWish: (number: number, wish: PatchWish) => void;
}

interface Parts {
  readonly options: ControlThreadOptions;
  readonly events: ControlRoomEvents;
  readonly wishes: Wishes;
  readonly streamer: LiveStreamer;
  readonly desk: ControlDesk;
  readonly ports: MidiPorts;
  readonly journal: JournalFile | undefined;
}

export class ControlRoom {
  readonly #options: ControlThreadOptions;
  readonly #events: ControlRoomEvents;
  readonly #wishes: Wishes;
  /** That wait for their frames, by plan. */
  readonly #orders = new Map<number, HandOverOrder>();
  readonly #streamer: LiveStreamer;
  readonly #desk: ControlDesk;
  readonly #ports: MidiPorts;
  readonly #journal: JournalFile | undefined;
  #osc: OscDoor | undefined;
  #report: StatusReport = {};
  #timers: readonly NodeJS.Timeout[] = [];

  private constructor({ options, events, wishes, streamer, desk, ports, journal }: Parts) {
    this.#options = options;
    this.#events = events;
    this.#wishes = wishes;
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
    const loading = await loadFile(options);
    if (!loading.ok) {
      return loading;
    }
    const attaching = attachLiveStreamer(options.handle);
    if (!attaching.ok) {
      return failed({ type: 'engine', error: attaching.error });
    }
    const { streamer } = attaching;
    const journaling = await openJournal(options, streamer, events.onNotice);
    if (!journaling.ok) {
      streamer.close();
      return journaling;
    }
    const wishes = new Wishes(events.onWish);
    const desk = new ControlDesk({
      patch: options.patch.content,
      plan: streamer.presentPlan(),
      sampleRate: options.sampleRate,
      streamer,
      changePatch: (wish) => wishes.add(wish),
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
    const room = new ControlRoom({ options, events, wishes, streamer, desk, ports, journal: journaling.journal });
    await room.#start(options.patch.content);
    return { ok: true, room };
  }

  key(name: string, arrival: bigint): void {
    this.#desk.key(name, arrival);
  }

  panic(arrival: bigint): void {
    this.#desk.panic(arrival);
  }

  /** Hands over to a plan that is prepared; `onHandedOver` tells what became of it. */
  handOver(order: HandOverOrder): void {
    const { plan } = order;
    const frame = Math.max(order.frame, this.#desk.frameOf(process.hrtime.bigint()));
    this.#orders.set(plan, order);
    const outcome = this.#streamer.handOver(plan, frame);
    if (!outcome.ok) {
      this.#orders.delete(plan);
      this.#events.onHandedOver(plan, { ok: false, message: outcome.error.message });
    }
  }

  /** Tells whoever had a wish what became of it. */
  answer(wish: number, outcome: CommandOutcome): void {
    this.#wishes.answer(wish, outcome);
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

  async #start(patch: PatchContent): Promise<void> {
    const { onNotice, onStatus } = this.#events;
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
    for (const { event, sequence } of this.#streamer.appliedEvents()) {
      if (event.type === 'hand_over') {
        this.#takeOver(event);
      } else {
        this.#journal?.add([{ event, sequence }]);
        this.#osc?.applied(sequence, event.frame);
      }
    }
  }

  /** From here on everything that is played means what the new patch says. */
  #takeOver({ plan, frame }: Extract<AppliedEvent['event'], { readonly type: 'hand_over' }>): void {
    const order = this.#orders.get(plan);
    if (order === undefined) {
      throw new Error(`plan ${plan} took over, and nobody asked for it`);
    }
    this.#orders.delete(plan);
    const { kind, crossfadeSeconds, ringSeconds } = order.settings;
    this.#journal?.handOver(order.bytes, { frame, kind, crossfade: crossfadeSeconds, ring: ringSeconds });
    this.#desk.change({ patch: order.patch, plan }, { carriesOn: kind === 'reload' });
    this.#osc?.readdress(order.patch);
    this.#events.onHandedOver(plan, { ok: true, frame });
  }
}

/** Wishes for other patches, until they are answered. */
class Wishes {
  readonly #onWish: ControlRoomEvents['onWish'];
  readonly #open = new Map<number, (outcome: CommandOutcome) => void>();
  #count = 0;

  constructor(onWish: ControlRoomEvents['onWish']) {
    this.#onWish = onWish;
  }

  add(wish: PatchWish): Performing {
    const number = ++this.#count;
    const outcome = new Promise<CommandOutcome>((resolve) => this.#open.set(number, resolve));
    this.#onWish(number, wish);
    return { ok: true, outcome };
  }

  answer(number: number, outcome: CommandOutcome): void {
    this.#open.get(number)?.(outcome);
    this.#open.delete(number);
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
  const { seed } = patch.content;
  const creating = await JournalFile.create(journal.path, {
    header: { engine: version.engine.version, sampleRate, block, workers: journal.workers, channels, latency, seed },
    plan: journal.plan,
    inputs: midiPath === undefined ? [patch.path] : [patch.path, midiPath],
    onNotice,
  });
  return creating.ok ? { ok: true, journal: creating.file } : creating;
}
