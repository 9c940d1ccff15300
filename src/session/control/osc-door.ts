// OSC for the control thread: the socket and the server, or why there is none.

import { AddressSpace, describeAddresses } from '../../control/osc/address-space.js';
import type { OscServerOptions } from '../../control/osc/osc-server.js';
import { OscServer } from '../../control/osc/osc-server.js';
import { openOscSocket } from '../../control/ports/osc-socket.js';
import type { PatchContent } from '../../patch/patch-content.js';
import type { OscStatus } from './control-status.js';

export interface OscDoorOptions extends Pick<OscServerOptions, 'perform' | 'frame' | 'status'> {
  readonly patch: PatchContent;
  readonly address: string;
  /** `null`: no OSC. */
  readonly port: number | null;
}

const nothing = { packets: 0, malformed: 0, dropped: 0, subscribers: 0 } as const;

/** Open or not, it answers every call. */
export class OscDoor {
  readonly #server: OscServer | undefined;
  readonly #base: OscStatus;

  private constructor(server: OscServer | undefined, status: OscStatus) {
    this.#server = server;
    this.#base = status;
  }

  /** Never rejects: a port that is taken is told in the status. */
  static async open({ patch, address, port, ...rest }: OscDoorOptions): Promise<OscDoor> {
    const closed = (reason: string): OscStatus => ({ isOpen: false, address, port: port ?? 0, reason, ...nothing });
    if (port === null) {
      return new OscDoor(undefined, closed('OSC is switched off'));
    }
    const opening = await openOscSocket(address, port);
    if (!opening.ok) {
      return new OscDoor(undefined, closed(opening.error.message));
    }
    const { socket } = opening;
    const server = new OscServer({ ...rest, socket, space: new AddressSpace(describeAddresses(patch)) });
    return new OscDoor(server, { isOpen: true, ...socket.local, ...nothing });
  }

  /** Another patch plays: its addresses are those that can be addressed. */
  readdress(patch: PatchContent): void {
    this.#server?.readdress(new AddressSpace(describeAddresses(patch)));
  }

  /** Tells that the event of a sequence number acted at a stream frame. */
  applied(sequence: number, frame: number): void {
    this.#server?.applied(sequence, frame);
  }

  status(): OscStatus {
    if (this.#server === undefined) {
      return this.#base;
    }
    const { packets, malformed, dropped, subscribers, lastAddress } = this.#server.counts();
    return {
      ...this.#base,
      packets,
      malformed,
      dropped,
      subscribers,
      ...(lastAddress === undefined ? {} : { lastAddress }),
    };
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }
}
