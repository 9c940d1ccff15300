// The device that a performance wants: opened, started, missed when it is lost, and used again when it is back.

import type { LiveStatus } from '../../engine/live-streamer.js';
import type { DeviceStatus } from '../status.js';
import type { GrantedDevice } from './device-message.js';
import { readGranted, readSentence } from './device-message.js';
import { DeviceProgram } from './device-program.js';

export interface DeviceWish {
  /** `default`, `clock`, `file:PATH`, or a device by its id, its name or a part of its name. */
  readonly device: string;
  readonly channels: number;
  /** Frames a second; nothing: the device's own. */
  readonly sampleRate?: number | undefined;
  /** Frames to be asked for at once, if the device lets us choose. */
  readonly frames: number;
}

/** What plays: the stream as an output device sees it. */
export interface PlayedStream {
  readonly sampleRate: number;
  /** For the device program to open. */
  readonly outputPath: string;
}

/** A device that is a file. */
export interface PlayedFile {
  readonly path: string;
  readonly error?: string;
}

/** A program that was granted the device. */
interface Grant {
  readonly program: DeviceProgram;
  readonly device: GrantedDevice;
}

/** The program that was told to play. */
interface Player extends Grant {
  readonly token: number;
  /** By `performance.now()`. */
  readonly startedAt: number;
  /** Frames of its callbacks, as they turned out. */
  frames: number;
  /** The stream was seen to be paced by it. */
  hasPlayed: boolean;
}

/** Milliseconds between two looks for a device that is not there; a machine that never had one is asked less often. */
const lookInterval = 1000;
const lateLookInterval = 5000;
const looksUntilLate = 60;

/** Some servers play only seconds after they were told to. */
const longestBeginning = 8000;

const clockName = 'clock';
const filePrefix = 'file:';

/** The path of a device that is a file; nothing for every other. */
export function fileOfDevice(device: string): string | undefined {
  return device.startsWith(filePrefix) ? device.slice(filePrefix.length) : undefined;
}

export class OutputDevice {
  readonly #wish: DeviceWish;
  readonly #onNotice: (text: string) => void;
  #grant: Grant | undefined;
  #player: Player | undefined;
  #stream: PlayedStream | undefined;
  #note: string | undefined;
  /** The name of the device that was lost, until it is back. */
  #lostName: string | undefined;
  /** Why the last look for it found nothing. */
  #lookReason: string | undefined;
  #lastToken = 0;
  #looks = 0;
  #timer: NodeJS.Timeout | undefined;
  #opening: DeviceProgram | undefined;
  #isClosed = false;

  private constructor(wish: DeviceWish, onNotice: (text: string) => void) {
    this.#wish = wish;
    this.#onNotice = onNotice;
  }

  /**
   * Looks for the device. One that is not there is told by a notice, and looked for as long as the stream plays. `signal`
   * ends the first look, which may take seconds, as if there were no device.
   */
  static async open(wish: DeviceWish, onNotice: (text: string) => void, signal?: AbortSignal): Promise<OutputDevice> {
    const device = new OutputDevice(wish, onNotice);
    if (wish.device !== clockName && !signal?.aborted) {
      const giveUp = () => device.#opening?.kill();
      signal?.addEventListener('abort', giveUp);
      const opening = await device.#openOnce(wish.sampleRate);
      signal?.removeEventListener('abort', giveUp);
      if (opening.ok) {
        device.#grant = opening.grant;
      } else {
        device.#note = opening.reason;
        onNotice(`${opening.reason}; the clock keeps time in its place, and nothing is heard`);
      }
    }
    return device;
  }

  /** Frames a second that the device was granted; nothing where none was. */
  get grantedSampleRate(): number | undefined {
    return this.#grant?.device.sampleRate;
  }

  /** Its own latency, without its buffer, in seconds; 0 while the clock keeps time. */
  latencySeconds(live: LiveStatus): number {
    return this.#playing(live)?.device.latencySeconds ?? 0;
  }

  /** Lets the device play the stream, whose clock runs. */
  play(stream: PlayedStream): void {
    this.#stream = stream;
    if (this.#grant !== undefined) {
      this.#start(this.#grant, stream);
    } else if (this.#note !== undefined) {
      this.#lookLater();
    }
  }

  /** To be called with each new status of the stream: tells whether the device still asks for frames. */
  watch(live: LiveStatus): void {
    const player = this.#player;
    if (player === undefined) {
      return;
    }
    if (live.owner === player.token) {
      if (!player.hasPlayed) {
        player.hasPlayed = true;
        this.#begun(player);
      }
    } else if (player.hasPlayed) {
      this.#lose(player, 'it asks for no more frames');
    } else if (performance.now() - player.startedAt > longestBeginning) {
      this.#lose(player, 'it does not begin to play');
    }
  }

  /** The file that it plays into, and why that goes no further if it does not; nothing for every other device. */
  get file(): PlayedFile | undefined {
    const path = fileOfDevice(this.#wish.device);
    return path === undefined ? undefined : { path, ...(this.#note === undefined ? {} : { error: this.#note }) };
  }

  /** Who keeps time now. */
  status(live: LiveStatus): DeviceStatus {
    const player = this.#playing(live);
    const shared = {
      wanted: this.#wish.device,
      losses: live.deviceLosses,
      ...(this.#note === undefined ? {} : { note: this.#note }),
    };
    if (player === undefined) {
      return {
        ...shared,
        kind: 'clock',
        name: clockName,
        sampleRate: this.#stream?.sampleRate ?? 0,
        frames: live.deviceFrames,
        channels: this.#wish.channels,
      };
    }
    const { name, hostApi, sampleRate, channels } = player.device;
    return {
      ...shared,
      kind: this.#isFile ? 'file' : 'port_audio',
      name,
      ...(hostApi === undefined ? {} : { hostApi }),
      sampleRate,
      frames: player.frames || live.deviceFrames,
      channels,
    };
  }

  /** Lets go of the device; a file is whole then. Takes a second at most. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#opening?.kill();
    const program = (this.#player ?? this.#grant)?.program;
    this.#player = undefined;
    this.#grant = undefined;
    await program?.close();
  }

  get #isFile(): boolean {
    return fileOfDevice(this.#wish.device) !== undefined;
  }

  #playing(live: LiveStatus): Player | undefined {
    return this.#player?.token === live.owner ? this.#player : undefined;
  }

  async #openOnce(
    sampleRate: number | undefined,
  ): Promise<{ readonly ok: true; readonly grant: Grant } | { readonly ok: false; readonly reason: string }> {
    const { device, channels, frames } = this.#wish;
    const program = new DeviceProgram([
      'open',
      '--device',
      device,
      '--channels',
      `${channels}`,
      '--sample-rate',
      `${sampleRate ?? 0}`,
      '--frames',
      `${frames}`,
    ]);
    this.#opening = program;
    const answer = await program.answer();
    this.#opening = undefined;
    const granted = answer.ok ? readGranted(answer.message) : undefined;
    const isFitting = granted !== undefined && (sampleRate === undefined || granted.sampleRate === sampleRate);
    if (isFitting && !this.#isClosed) {
      return { ok: true, grant: { program, device: granted } };
    }
    program.kill();
    if (granted !== undefined) {
      const rates = `runs at ${granted.sampleRate} frames a second, not at ${sampleRate}`;
      return { ok: false, reason: `${granted.name} ${rates}` };
    }
    const otherwise = `the device "${device}" does not open`;
    return {
      ok: false,
      reason: answer.ok ? readSentence(answer.message, otherwise) : `${otherwise}: ${answer.reason}`,
    };
  }

  #start(grant: Grant, stream: PlayedStream): void {
    const { program, device } = grant;
    this.#grant = undefined;
    this.#lastToken += 1;
    const player: Player = {
      ...grant,
      token: this.#lastToken,
      startedAt: performance.now(),
      frames: device.frames,
      hasPlayed: false,
    };
    this.#player = player;
    program.listen((message) => {
      const { type, frames } = message;
      if (type === 'buffer' && typeof frames === 'number') {
        player.frames = frames;
      } else if (type === 'lost' || type === 'error') {
        this.#lose(player, readSentence(message, 'it stopped'));
      }
    });
    program.ended.then((reason) => this.#lose(player, reason));
    program.tell(`start ${stream.outputPath} ${player.token}`);
  }

  #begun({ device }: Player): void {
    if (this.#note !== undefined) {
      this.#onNotice(`${device.name} plays now`);
    }
    this.#note = undefined;
    this.#lostName = undefined;
    this.#lookReason = undefined;
    this.#looks = 0;
  }

  #lose(player: Player, reason: string): void {
    if (player !== this.#player || this.#isClosed) {
      return;
    }
    this.#player = undefined;
    // Whatever it waits for, it cannot be trusted to leave by itself.
    player.program.kill();
    this.#lostName = player.device.name;
    this.#note = `${this.#lostName} is lost: ${reason}`;
    this.#onNotice(`${this.#note}; the clock keeps time in its place, and nothing is heard`);
    if (!this.#isFile) {
      this.#lookLater();
    }
  }

  #lookLater(): void {
    if (this.#isClosed || this.#isFile) {
      return;
    }
    this.#looks += 1;
    const interval = this.#looks > looksUntilLate ? lateLookInterval : lookInterval;
    this.#timer = setTimeout(() => void this.#look(), interval);
  }

  async #look(): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined) {
      return;
    }
    const opening = await this.#openOnce(stream.sampleRate);
    if (this.#isClosed) {
      return;
    }
    if (opening.ok) {
      this.#start(opening.grant, stream);
    } else {
      const isMissing = this.#lostName !== undefined;
      if (this.#lookReason !== undefined && this.#lookReason !== opening.reason) {
        this.#onNotice(opening.reason);
      }
      this.#lookReason = opening.reason;
      this.#note = isMissing ? `${this.#lostName} is lost, and not back yet: ${opening.reason}` : opening.reason;
      this.#lookLater();
    }
  }
}
