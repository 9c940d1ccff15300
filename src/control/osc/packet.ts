// What OSC 1.0 and 1.1 packets hold.

/** One argument. Floats may be infinite or not a number; whoever uses them decides. */
export type OscArgument =
  | { readonly type: 'i' | 'f' | 'd'; readonly value: number }
  | { readonly type: 'h' | 't'; readonly value: bigint }
  /** `S` is a symbol, `c` one character. */
  | { readonly type: 's' | 'S' | 'c'; readonly value: string }
  | { readonly type: 'b'; readonly value: Uint8Array }
  /** Red, green, blue and alpha, or the port, status and two data bytes of MIDI: four bytes. */
  | { readonly type: 'r' | 'm'; readonly value: Uint8Array }
  /** True, false, nil, and infinitum or impulse. */
  | { readonly type: 'T' | 'F' | 'N' | 'I' }
  | { readonly type: 'array'; readonly values: readonly OscArgument[] };

export interface OscMessage {
  readonly type: 'message';
  /** An address or an address pattern: begins with a slash, printable ASCII without space and #. */
  readonly address: string;
  readonly arguments: readonly OscArgument[];
}

export interface OscBundle {
  readonly type: 'bundle';
  /** 64 bits: seconds since 1900 and their fractions; 1 is "immediately". */
  readonly timeTag: bigint;
  readonly elements: readonly OscPacket[];
}

export type OscPacket = OscMessage | OscBundle;

/** Why bytes are no packet. */
export interface PacketError {
  /** In bytes from the start of the packet: of the field at fault. */
  readonly offset: number;
  readonly message: string;
}

/** Packets beyond these are refused: no honest sender makes them, and reading them would take time. */
export const packetLimits = {
  /** Bundles in bundles, and arrays in arrays. */
  depth: 8,
  /** Messages and bundles in one packet. */
  elements: 1024,
  /** Of one message, in arrays or not. */
  arguments: 256,
} as const;
