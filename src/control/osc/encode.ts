// OSC messages and bundles -> bytes, by osc-js.

import osc from 'osc-js';

// The types of osc-js describe an ES module; what Node loads is the class itself.
const { Bundle, Message } = osc as unknown as typeof osc.default;

/** An argument that we send. */
export type SentArgument =
  | { readonly type: 'i' | 'f' | 'd'; readonly value: number }
  | { readonly type: 'h'; readonly value: bigint }
  | { readonly type: 's'; readonly value: string };

export interface SentMessage {
  /** Begins with a slash. */
  readonly address: string;
  readonly arguments: readonly SentArgument[];
}

/** The packet of a message. Strings go out as UTF-8. */
export function encodeMessage(message: SentMessage): Uint8Array {
  return new TypedOscMessage(message).pack();
}

/** The packet of a bundle that holds messages only. */
export function encodeBundle(timeTag: bigint, messages: readonly SentMessage[]): Uint8Array {
  const bundle = new Bundle(messages.map((message) => new TypedOscMessage(message)));
  bundle.timetag.value.seconds = Number(timeTag >> 32n);
  bundle.timetag.value.fractions = Number(timeTag & 0xffff_ffffn);
  return bundle.pack();
}

/** A message whose types are stated: osc-js would guess that 1.0 is an integer, and bundles take no `TypedMessage` of it. */
class TypedOscMessage extends Message {
  /** Where an int64 of 0 stands, which osc-js cannot write. */
  readonly #zeros: readonly number[];

  constructor(message: SentMessage) {
    super(latin1Of(message.address));
    const zeros: number[] = [];
    let offset = paddedSize(this.address.length) + paddedSize(message.arguments.length + 1);
    for (const argument of message.arguments) {
      this.types += argument.type;
      // Typed as if osc-js knew no 64-bit integers.
      const args: unknown[] = this.args;
      if (argument.type === 's') {
        const text = latin1Of(argument.value);
        args.push(text);
        offset += paddedSize(text.length);
      } else if (argument.value === 0n) {
        args.push(1n);
        zeros.push(offset);
        offset += 8;
      } else {
        args.push(argument.value);
        offset += argument.type === 'h' || argument.type === 'd' ? 8 : 4;
      }
    }
    this.#zeros = zeros;
  }

  override pack(): Uint8Array {
    const bytes = super.pack();
    for (const offset of this.#zeros) {
      bytes.fill(0, offset, offset + 8);
    }
    return bytes;
  }
}

/** A character for each byte of the text's UTF-8: osc-js writes the lower eight bits of characters. A zero would end the string. */
function latin1Of(text: string): string {
  return Buffer.from(text.replaceAll('\0', '\ufffd'), 'utf8').toString('latin1');
}

/** Bytes of a string with its closing zero and its padding. */
function paddedSize(length: number): number {
  return (length + 4) & ~3;
}
