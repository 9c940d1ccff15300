// Answers OSC: datagrams in; commands, replies and status out.

import type { AddressSpace } from './address-space.js';
import type { CommandTime, OscCommand, OscServerCommand } from './command.js';
import type { DatagramSocket } from './datagram-socket.js';
import { DueQueue } from './due-queue.js';
import { encodeMessage } from './encode.js';
import type { Endpoint } from './endpoint.js';
import type { ArrivedMessage } from './intake.js';
import { Intake } from './intake.js';
import { RateLimit } from './rate-limit.js';
import type { Asked } from './replies.js';
import { Replies } from './replies.js';
import type { StatusReport } from './status-feed.js';
import { StatusPublisher } from './status-publisher.js';
import { readDestination } from './subscribers.js';
import { isImmediate, unixNanosecondsOf } from './time-tag.js';
import type { Clocks } from './wall-clock.js';
import { machineClocks, WallClock } from './wall-clock.js';

/**
 * What became of a command. `sequences`: of all events that it was posted as; it is answered once `applied` was called for
 * each. Without any it has acted already. `message` goes to the sender as it is.
 */
export type Performing =
  | {
      readonly ok: true;
      readonly sequences: readonly number[];
      /** What else there is to say of an action at a frame: until when it waits. */
      readonly explain?: (frame: number) => string | undefined;
    }
  /** It takes a while; the answer goes to the sender then. Never rejects. */
  | { readonly ok: true; readonly outcome: Promise<CommandOutcome> }
  | { readonly ok: false; readonly message: string };

/** The frame at which a command took effect, and what else there is to say; or why it did not. */
export type CommandOutcome =
  | { readonly ok: true; readonly frame: number; readonly explanation?: string | undefined }
  | { readonly ok: false; readonly message: string };

export interface OscServerOptions {
  /** Open; the server closes it. */
  readonly socket: DatagramSocket;
  /** What can be addressed. */
  readonly space: AddressSpace;
  /**
   * Called for each command. A command that is due is handed over 100 ms ahead, so a panic can still call back what is due later.
   * Times may fall from call to call: of what is due within those 100 ms the earlier may come later, and notes go past what waits.
   * Must not throw.
   */
  readonly perform: (command: OscCommand, time: CommandTime) => Performing;
  /** The stream frame that is heard now, for answers to what does not go through the engine. */
  readonly frame: () => number;
  /** What subscribers are told, asked for ten times a second while there are any. */
  readonly status: () => StatusReport;
  /** Without them those of the machine. */
  readonly clocks?: Clocks;
}

/** Counts since the start. */
export interface OscCounts {
  /** Datagrams received. */
  readonly packets: number;
  /** Datagrams that were not OSC. */
  readonly malformed: number;
  /** Datagrams and commands that were not acted on because too many came. */
  readonly dropped: number;
  /** Commands whose time tag lay in the past; they acted at once. */
  readonly late: number;
  /** Answers that were not sent because too many were asked for, or because the system refused. */
  readonly unanswered: number;
  /** Those who get the status now. */
  readonly subscribers: number;
  /** The address of the last command that was understood. */
  readonly lastAddress?: string;
}

/** A command that waits for its time. */
interface Held {
  readonly asked: Asked;
  readonly commands: readonly OscCommand[];
  readonly time: CommandTime;
}

const millisecond = 1_000_000n;

/** How long before its time a command is performed. */
const ahead = 100n * millisecond;

/** A time tag beyond this is a mistake: clocks that differ, or units that were mixed up. */
const farthestSeconds = 60n;
const farthest = farthestSeconds * 1000n * millisecond;

/** The work of one turn of the event loop: what waits is worked on this long, and answered this long. */
const turnNanoseconds = millisecond / 2n;

/**
 * So many datagrams in one turn say that more wait in the system, maybe a note among them. Then only every eighth turn works, and
 * the others make room for taking in.
 */
const manyInTurn = 16;
const workingTurn = 8;

/** Notes and gates that may be performed: nobody plays more. */
const notesPerSecond = 4000;
const notesAtOnce = 1000;

/** Other commands that may be performed: what exceeds these would only swell the journal. */
const commandsPerSecond = 20_000;
const commandsAtOnce = 4000;

const mostHeld = 4096;

/** Takes datagrams from its construction to `close`. */
export class OscServer {
  readonly #options: OscServerOptions;
  #space: AddressSpace;
  readonly #now: () => bigint;
  readonly #wallClock: WallClock;
  readonly #intake = new Intake();
  readonly #replies = new Replies();
  readonly #held = new DueQueue<Held>(mostHeld);
  readonly #publisher: StatusPublisher;
  readonly #noteRate = new RateLimit(notesPerSecond, notesAtOnce);
  readonly #rate = new RateLimit(commandsPerSecond, commandsAtOnce);
  #turn: NodeJS.Immediate | undefined;
  #holdTimer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #receivedInTurn = 0;
  #turnsPassed = 0;
  #packets = 0;
  #dropped = 0;
  #late = 0;
  #lastAddress: string | undefined;

  constructor(options: OscServerOptions) {
    const clocks = options.clocks ?? machineClocks;
    this.#options = options;
    this.#space = options.space;
    this.#now = clocks.monotonicNanoseconds;
    this.#wallClock = new WallClock(clocks);
    this.#publisher = new StatusPublisher(options.socket, options.status, this.#now);
    options.socket.onDatagram((bytes, sender) => this.#receive(bytes, sender));
  }

  /** Other things can be addressed from now on. */
  readdress(space: AddressSpace): void {
    this.#space = space;
  }

  /** Tells that the event of a sequence number acted at a stream frame; events of others are passed over. */
  applied(sequence: number, frame: number): void {
    this.#replies.applied(sequence, frame);
    this.#wantTurn();
  }

  counts(): OscCounts {
    return {
      packets: this.#packets,
      malformed: this.#intake.malformed,
      dropped: this.#dropped + this.#intake.dropped,
      late: this.#late,
      unanswered: this.#replies.unanswered + this.#options.socket.unsent,
      subscribers: this.#publisher.subscribers,
      ...(this.#lastAddress === undefined ? {} : { lastAddress: this.#lastAddress }),
    };
  }

  /** Ends the socket, the status, and what still waits for its time. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearImmediate(this.#turn);
    clearTimeout(this.#holdTimer);
    this.#publisher.close();
    await this.#options.socket.close();
  }

  #receive(bytes: Uint8Array, sender: Endpoint): void {
    if (this.#isClosed) {
      return;
    }
    const arrival = this.#now();
    this.#packets++;
    this.#receivedInTurn++;
    for (const message of this.#intake.add(bytes, sender, arrival)) {
      this.#act(message);
    }
    this.#wantTurn();
  }

  #wantTurn(): void {
    if (this.#turn === undefined && !this.#isClosed && (this.#intake.isWaiting || this.#replies.isWaiting)) {
      this.#turn = setImmediate(() => this.#takeTurn());
    }
  }

  #takeTurn(): void {
    this.#turn = undefined;
    const isPressed = this.#receivedInTurn >= manyInTurn;
    this.#receivedInTurn = 0;
    this.#turnsPassed = isPressed ? this.#turnsPassed + 1 : 0;
    if (this.#turnsPassed % workingTurn !== 0) {
      this.#wantTurn();
      return;
    }
    const workEnd = this.#now() + turnNanoseconds;
    do {
      const message = this.#intake.take();
      if (message === undefined) {
        break;
      }
      this.#act(message);
    } while (this.#now() < workEnd);
    const answerEnd = this.#now() + turnNanoseconds;
    do {
      const answer = this.#replies.take();
      if (answer === undefined) {
        break;
      }
      this.#options.socket.send(encodeMessage(answer.message), answer.to);
    } while (this.#now() < answerEnd);
    this.#wantTurn();
  }

  #act(arrived: ArrivedMessage): void {
    const { message, sender } = arrived;
    const asked = { sender, address: message.address };
    const meaning = this.#space.meaningOf(message);
    switch (meaning.type) {
      case 'answer':
        return;
      case 'fault':
        this.#refuse(asked, meaning.explain);
        return;
      case 'server':
        this.#lastAddress = message.address;
        this.#serve(asked, meaning.command);
        return;
      case 'commands': {
        const [fault, ...others] = meaning.faults;
        if (fault !== undefined) {
          this.#refuse(asked, () => (others.length === 0 ? fault : `${fault}; and ${others.length} more like it`));
        }
        if (meaning.commands.length > 0) {
          this.#schedule(asked, meaning.commands, arrived);
        }
      }
    }
  }

  #schedule(asked: Asked, commands: readonly OscCommand[], { arrival, timeTag, datagram }: ArrivedMessage): void {
    if (!this.#mayPerform(commands)) {
      this.#dropped++;
      return;
    }
    this.#lastAddress = asked.address;
    const due = isImmediate(timeTag) ? arrival : datagram.monotonicOf(unixNanosecondsOf(timeTag), this.#wallClock);
    const time: CommandTime = { type: 'due', nanoseconds: due, datagram };
    if (due - arrival > farthest) {
      const seconds = (due - arrival) / (1000n * millisecond);
      this.#refuse(asked, () => `the time tag lies ${seconds} s ahead; up to ${farthestSeconds} s fit`);
    } else if (due - arrival > ahead) {
      this.#hold({ asked, commands, time });
    } else if (due > arrival) {
      this.#perform(asked, commands, time);
    } else {
      this.#late += due < arrival ? commands.length : 0;
      this.#perform(asked, commands, { type: 'arrived', nanoseconds: arrival, datagram });
    }
  }

  /** A flood of others takes nothing from the share of notes, and nothing keeps a panic away. */
  #mayPerform(commands: readonly OscCommand[]): boolean {
    switch (commands[0]?.type) {
      case 'panic':
        return true;
      case 'note':
      case 'gate':
        return this.#noteRate.take(this.#now(), commands.length);
      default:
        return this.#rate.take(this.#now(), commands.length);
    }
  }

  #hold(held: Held): void {
    if (this.#held.add(held.time.nanoseconds, held)) {
      this.#armHoldTimer();
    } else {
      this.#dropped++;
      this.#refuse(held.asked, () => `${mostHeld} commands wait for their time already`);
    }
  }

  #armHoldTimer(): void {
    clearTimeout(this.#holdTimer);
    const next = this.#held.next;
    if (next !== undefined && !this.#isClosed) {
      const wait = Number((next - ahead - this.#now()) / millisecond);
      this.#holdTimer = setTimeout(() => this.#performHeld(), Math.max(0, wait));
    }
  }

  #performHeld(): void {
    for (const { asked, commands, time } of this.#held.takeUntil(this.#now() + ahead)) {
      this.#perform(asked, commands, time);
    }
    this.#armHoldTimer();
  }

  #perform(asked: Asked, commands: readonly OscCommand[], time: CommandTime): void {
    const sequences: number[] = [];
    const explanations: ((frame: number) => string | undefined)[] = [];
    let isDone = false;
    for (const command of commands) {
      if (command.type === 'panic') {
        this.#callBackHeld();
      }
      const performing = this.#options.perform(command, time);
      if (performing.ok && 'outcome' in performing) {
        void performing.outcome.then((outcome) => this.#answer(asked, outcome));
      } else if (performing.ok) {
        isDone = true;
        sequences.push(...performing.sequences);
        explanations.push(...(performing.explain === undefined ? [] : [performing.explain]));
      } else {
        this.#refuse(asked, () => performing.message);
      }
    }
    if (sequences.length > 0) {
      const explain = (frame: number) => explanations.flatMap((each) => each(frame) ?? []).join('; ') || undefined;
      this.#replies.expect({ ...asked, explain }, sequences);
    } else if (isDone) {
      this.#replies.done(asked, this.#options.frame());
    }
    this.#wantTurn();
  }

  #answer(asked: Asked, outcome: CommandOutcome): void {
    if (outcome.ok) {
      this.#replies.done({ ...asked, explain: () => outcome.explanation }, outcome.frame);
      this.#wantTurn();
    } else {
      this.#refuse(asked, () => outcome.message);
    }
  }

  #callBackHeld(): void {
    for (const { asked } of this.#held.clear()) {
      this.#refuse(asked, () => 'a panic called it back before its time');
    }
  }

  #serve(asked: Asked, command: OscServerCommand): void {
    if (command.type !== 'ping') {
      const reading = readDestination(command.destination, asked.sender);
      if (!reading.ok) {
        this.#refuse(asked, () => reading.message);
        return;
      }
      const fault = this.#publisher[command.type](reading.endpoint);
      if (fault !== undefined) {
        this.#refuse(asked, () => fault);
        return;
      }
    }
    this.#replies.done(asked, this.#options.frame());
    this.#wantTurn();
  }

  #refuse(asked: Asked, explain: () => string): void {
    this.#replies.refuse(asked, explain, this.#now());
    this.#wantTurn();
  }
}
