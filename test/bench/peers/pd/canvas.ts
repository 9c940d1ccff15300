// A patch of Pure Data as its file has it: objects, numbered in their order, and connections between them.

/** Number of an object in its canvas. */
export type PdObject = number;

export class PdCanvas {
  readonly #objects: string[] = [];
  readonly #connections: string[] = [];

  /** An object by its text; its first inlet takes what the objects of `from` give at their first outlets. */
  add(text: string, ...from: readonly PdObject[]): PdObject {
    return this.#put(`#X obj 10 10 ${text};`, from);
  }

  /** A message box; as the format wants it, its variables are escaped, and its separators words of their own besides. */
  message(text: string, ...from: readonly PdObject[]): PdObject {
    const escaped = text.replaceAll('$', '\\$').replaceAll(/ ?([;,])/g, ' \\$1');
    return this.#put(`#X msg 10 10 ${escaped.trim()};`, from);
  }

  /** A table of so many points. */
  table(name: string, points: number): void {
    this.#put(
      '#N canvas 0 0 450 300 (subpatch) 0;\n' +
        `#X array ${name} ${points} float 2;\n#X coords 0 1 ${points} -1 100 50 1;\n#X restore 10 10 graph;`,
      [],
    );
  }

  subpatch(name: string, canvas: PdCanvas): PdObject {
    return this.#put(`#N canvas 0 0 400 300 ${name} 0;\n${canvas.#text()}\n#X restore 10 10 pd ${name};`, []);
  }

  connect(from: PdObject, outlet: number, to: PdObject, inlet: number): void {
    this.#connections.push(`#X connect ${from} ${outlet} ${to} ${inlet};`);
  }

  /** The text of a file. */
  file(): string {
    return `#N canvas 0 0 600 400 12;\n${this.#text()}\n`;
  }

  #put(text: string, from: readonly PdObject[]): PdObject {
    const object = this.#objects.length;
    this.#objects.push(text);
    for (const source of from) {
      this.connect(source, 0, object, 0);
    }
    return object;
  }

  #text(): string {
    return [...this.#objects, ...this.#connections].join('\n');
  }
}
