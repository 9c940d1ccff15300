// A score for the server's non-real-time mode: OSC bundles one after another, each after its length in bytes.
// Sources: SuperCollider's help, 'Server Command Reference' and 'Non-Realtime Synthesis'; the OSC 1.0 specification.

/** An OSC argument: text, bytes, or a number that says which kind it is. */
export type Argument = string | Uint8Array | { readonly integer: number } | { readonly float: number };

export interface ScoreEntry {
  /** Seconds from the start of the score. */
  readonly time: number;
  readonly address: string;
  readonly arguments: readonly Argument[];
}

const fractionsOfSecond = 2 ** 32;

/** Entries in the order of their times, as the server reads them from a file. Sound ends with the last entry. */
export function encodeScore(entries: readonly ScoreEntry[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const bundle = encodeBundle(entry);
      return [integer(bundle.length), bundle];
    }),
  );
}

function encodeBundle(entry: ScoreEntry): Buffer {
  const message = encodeMessage(entry);
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(Math.round(entry.time * fractionsOfSecond)));
  return Buffer.concat([text('#bundle'), time, integer(message.length), message]);
}

function encodeMessage({ address, arguments: list }: ScoreEntry): Buffer {
  const encoded = list.map(encodeArgument);
  const tags = encoded.map(({ tag }) => tag).join('');
  return Buffer.concat([text(address), text(`,${tags}`), ...encoded.map(({ bytes }) => bytes)]);
}

function encodeArgument(argument: Argument): { readonly tag: string; readonly bytes: Buffer } {
  if (typeof argument === 'string') {
    return { tag: 's', bytes: text(argument) };
  }
  if (argument instanceof Uint8Array) {
    return { tag: 'b', bytes: Buffer.concat([integer(argument.length), padded(Buffer.from(argument))]) };
  }
  if ('integer' in argument) {
    return { tag: 'i', bytes: integer(argument.integer) };
  }
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(argument.float);
  return { tag: 'f', bytes };
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** At least one zero byte ends a text. */
function text(value: string): Buffer {
  return padded(Buffer.from(`${value}\0`, 'latin1'));
}

/** Filled up with zeros to a multiple of four. */
function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
