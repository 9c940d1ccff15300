import { describe, expect, test } from 'vitest';
import type { MidiMessage } from '../../src/control/midi-message.js';
import type { MidiInput, MidiLibrary } from '../../src/control/ports/midi-library.js';
import { MidiPorts } from '../../src/control/ports/midi-ports.js';

/** A MIDI system in memory, with the face of `@julusian/midi`: ports come and go, and send. */
class MidiSystem {
  names: string[] = [];
  isPresent = true;
  refusal: string | undefined;
  readonly #open = new Map<string, ((delta: number, message: readonly number[]) => void)[]>();

  readonly library: MidiLibrary = { Input: this.#inputClass() };

  /** A message from a port to whoever has it open. */
  send(name: string, message: readonly number[]): void {
    for (const listener of this.#open.get(name) ?? []) {
      listener(0, message);
    }
  }

  /** How many inputs hold the port open. */
  listeners(name: string): number {
    return this.#open.get(name)?.length ?? 0;
  }

  #inputClass(): new () => MidiInput {
    const system = this;
    return class implements MidiInput {
      #listener: (delta: number, message: readonly number[]) => void = () => undefined;
      #port: string | undefined;

      constructor() {
        if (!system.isPresent) {
          throw new Error('Failed to initialise RtMidi');
        }
      }

      on(_event: 'message', listener: (delta: number, message: readonly number[]) => void): void {
        this.#listener = listener;
      }

      ignoreTypes(): void {}

      getPortCount(): number {
        return system.names.length;
      }

      getPortName(port: number): string {
        return system.names[port] ?? '';
      }

      openPort(port: number): void {
        const name = system.names[port];
        if (name === undefined || name === system.refusal) {
          throw new Error('Invalid MIDI port number');
        }
        this.#connect(name);
      }

      openVirtualPort(name: string): void {
        this.#connect(name);
      }

      isPortOpen(): boolean {
        return this.#port !== undefined;
      }

      closePort(): void {
        const listeners = system.#open.get(this.#port ?? '') ?? [];
        system.#open.set(
          this.#port ?? '',
          listeners.filter((listener) => listener !== this.#listener),
        );
        this.#port = undefined;
      }

      destroy(): void {
        this.closePort();
      }

      #connect(name: string): void {
        this.#port = name;
        system.#open.set(name, [...(system.#open.get(name) ?? []), this.#listener]);
      }
    };
  }
}

const keystation = 'Keystation 49:Keystation 49 MIDI 1 20:0';
const keystationElsewhere = 'Keystation 49:Keystation 49 MIDI 1 24:0';
const keystationLabel = 'Keystation 49:Keystation 49 MIDI 1';

function portsOf(system: MidiSystem, wanted?: readonly string[]) {
  const messages: [string, MidiMessage][] = [];
  const lost: string[] = [];
  const notices: string[] = [];
  const ports = new MidiPorts({
    wanted,
    hasMidiSystem: () => system.isPresent,
    loadLibrary: () => Promise.resolve(system.library),
    now: () => 0n,
    onMessage: (port, message) => messages.push([port, message]),
    onLost: (port) => lost.push(port),
    onNotice: (text) => notices.push(text),
  });
  const connected = () => ports.status().ports.flatMap(({ name, isConnected }) => (isConnected ? [name] : []));
  return { ports, messages, lost, notices, connected };
}

describe('MIDI ports', () => {
  test('are opened, but for "Midi Through"', async () => {
    const system = new MidiSystem();
    system.names = ['Midi Through:Midi Through Port-0 14:0', keystation];
    const { ports, connected } = portsOf(system);
    await ports.poll();
    expect(connected()).toEqual(['amp-live', keystationLabel]);
  });

  test('that are asked for by name are opened alone', async () => {
    const system = new MidiSystem();
    system.names = ['Midi Through:Midi Through Port-0 14:0', keystation];
    const { ports, connected } = portsOf(system, ['through']);
    await ports.poll();
    expect(connected()).toEqual(['amp-live', 'Midi Through:Midi Through Port-0']);
  });

  test('give their messages with their name', async () => {
    const system = new MidiSystem();
    system.names = [keystation];
    const { ports, messages } = portsOf(system);
    await ports.poll();
    system.send(keystation, [0x90, 60, 100]);
    system.send(keystation, [0xc0, 5]);
    expect(messages).toEqual([
      [keystationLabel, [0x90, 60, 100]],
      [keystationLabel, [0xc0, 5, 0]],
    ]);
  });

  test('count every message, also what means nothing', async () => {
    const system = new MidiSystem();
    system.names = [keystation];
    const { ports } = portsOf(system);
    await ports.poll();
    for (const message of [[0xf8], [0xc0, 5], [0x90, 60, 100]]) {
      system.send(keystation, message);
    }
    expect(ports.status().ports.map(({ messages }) => messages)).toEqual([0, 3]);
  });

  test('are opened once, however often one looks', async () => {
    const system = new MidiSystem();
    system.names = [keystation];
    const { ports } = portsOf(system);
    await ports.poll();
    await ports.poll();
    expect(system.listeners(keystation)).toBe(1);
  });

  test('that vanish are told as lost, once', async () => {
    const system = new MidiSystem();
    system.names = [keystation];
    const { ports, lost, connected } = portsOf(system);
    await ports.poll();
    system.names = [];
    await ports.poll();
    await ports.poll();
    expect([lost, connected()]).toEqual([[keystationLabel], ['amp-live']]);
  });

  test('that come back with other numbers play on under their name', async () => {
    const system = new MidiSystem();
    system.names = [keystation];
    const { ports, messages, connected } = portsOf(system);
    await ports.poll();
    system.names = [];
    await ports.poll();
    system.names = [keystationElsewhere];
    await ports.poll();
    system.send(keystationElsewhere, [0x80, 60, 0]);
    expect([connected(), messages]).toEqual([['amp-live', keystationLabel], [[keystationLabel, [0x80, 60, 0]]]]);
  });

  test('that changed their numbers between two looks were lost and are back', async () => {
    const system = new MidiSystem();
    system.names = [keystation];
    const { ports, lost, connected } = portsOf(system);
    await ports.poll();
    system.names = [keystationElsewhere];
    await ports.poll();
    expect([lost, connected()]).toEqual([[keystationLabel], ['amp-live', keystationLabel]]);
  });

  test('of one name are told apart', async () => {
    const system = new MidiSystem();
    system.names = [keystation, keystationElsewhere];
    const { ports, connected } = portsOf(system);
    await ports.poll();
    expect(connected()).toEqual(['amp-live', keystationLabel, `${keystationLabel} (2)`]);
  });

  test('that refuse are told once, and opened when they do not refuse any more', async () => {
    const system = new MidiSystem();
    system.names = [keystation];
    system.refusal = keystation;
    const { ports, notices, connected } = portsOf(system);
    await ports.poll();
    await ports.poll();
    expect(notices).toEqual([`MIDI: ${keystationLabel} cannot be opened: Invalid MIDI port number`]);
    system.refusal = undefined;
    await ports.poll();
    expect(connected()).toEqual(['amp-live', keystationLabel]);
  });

  test('are closed at the end', async () => {
    const system = new MidiSystem();
    system.names = [keystation];
    const { ports, lost } = portsOf(system);
    await ports.poll();
    ports.close();
    await ports.poll();
    expect([system.listeners(keystation), system.listeners('amp-live'), lost]).toEqual([0, 0, []]);
  });
});

describe('a machine without a MIDI system', () => {
  test('is told in words', async () => {
    const system = new MidiSystem();
    system.isPresent = false;
    const { ports } = portsOf(system);
    await ports.poll();
    expect(ports.status()).toEqual({
      available: false,
      reason: 'this machine has no MIDI system (there is no /dev/snd/seq)',
      ports: [],
    });
  });

  test('plays when it gets one', async () => {
    const system = new MidiSystem();
    system.isPresent = false;
    const { ports, connected } = portsOf(system);
    await ports.poll();
    system.isPresent = true;
    system.names = [keystation];
    await ports.poll();
    expect([ports.status().available, connected()]).toEqual([true, ['amp-live', keystationLabel]]);
  });

  test('releases what its ports held when it loses it', async () => {
    const system = new MidiSystem();
    system.names = [keystation];
    const { ports, lost } = portsOf(system);
    await ports.poll();
    system.isPresent = false;
    await ports.poll();
    expect(lost).toEqual([keystationLabel, 'amp-live']);
  });

  test('whose library does not load says why', async () => {
    const ports = new MidiPorts({
      hasMidiSystem: () => true,
      loadLibrary: () => Promise.reject(new Error('libasound.so.2: cannot open shared object file')),
      now: () => 0n,
      onMessage: () => undefined,
      onLost: () => undefined,
      onNotice: () => undefined,
    });
    await ports.poll();
    expect(ports.status().reason).toBe('libasound.so.2: cannot open shared object file');
  });
});
