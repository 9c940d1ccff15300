// Answers OSC: datagrams in; commands, replies and status out.

import type { AddressSpace } from './address-space.js';
import type { CommandTime, OscCommand } from './command.js';
import type { DatagramSocket } from './datagram-socket.js';
import type { StatusReport } from './status-feed.js';

/**
 * What became of a command. `sequences`: of all events that it was posted as; it is answered once `applied` was called for each.
 * Without any it has acted already. `message` goes to the sender as it is.
 */
export type Performing =
  | { readonly ok: true; readonly sequences: readonly number[] }
  | { readonly ok: false; readonly message: string };

export interface OscServerOptions {
  /** Open; the server closes it. */
  readonly socket: DatagramSocket;
  /** What can be addressed. */
  readonly space: AddressSpace;
  /** Called for each command, in the order in which they are to act. A command that is due is handed over 100 ms ahead. Must not throw. */
  readonly perform: (command: OscCommand, time: CommandTime) => Performing;
  /** The stream frame that would be heard now, for answers to what does not go through the engine. */
  readonly frame: () => number;
  /** What subscribers are told, asked for ten times a second while there are any. */
  readonly status: () => StatusReport;
}

/** Counts since the start. */
export interface OscCounts {
  /** Datagrams received. */
  readonly packets: number;
  /** Datagrams that were not OSC. */
  readonly malformed: number;
  /** Datagrams that were not acted on because too many came. */
  readonly dropped: number;
  /** Commands whose time tag lay in the past; they acted at once. */
  readonly late: number;
  /** Replies that were not sent because too many were asked for, or because the system refused. */
  readonly unanswered: number;
  /** Those who get the status now. */
  readonly subscribers: number;
  /** The address of the last command that was understood. */
  readonly lastAddress?: string;
}

/** Takes datagrams from its construction to `close`. */
export declare class OscServer {
  constructor(options: OscServerOptions);
  /** Tells that the event of a sequence number acted at a stream frame; events of others are passed over. */
  applied(sequence: number, frame: number): void;
  counts(): OscCounts;
  /** Ends the socket, the status and what still waits for its time. */
  close(): Promise<void>;
}
