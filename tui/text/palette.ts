// Colours with a meaning, as escape sequences of the terminal.

/** What a colour says; without colours the words alone must say it. */
export type Meaning = 'good' | 'warning' | 'bad' | 'name' | 'strong' | 'faint';

/** How to begin and to end each meaning. */
export type Palette = Readonly<Record<Meaning, readonly [begin: string, end: string]>>;

const sgr = (begin: number, end: number): readonly [string, string] => [`\u001b[${begin}m`, `\u001b[${end}m`];

const coloured: Palette = {
  good: sgr(32, 39),
  warning: sgr(33, 39),
  bad: sgr(91, 39),
  name: sgr(36, 39),
  strong: sgr(1, 22),
  faint: sgr(2, 22),
};

const uncoloured: Palette = {
  good: ['', ''],
  warning: ['', ''],
  bad: sgr(1, 22),
  name: ['', ''],
  strong: sgr(1, 22),
  faint: ['', ''],
};

/** The palette that the environment asks for; see no-color.org. */
export function paletteFor({ NO_COLOR }: NodeJS.ProcessEnv): Palette {
  return NO_COLOR ? uncoloured : coloured;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const colours = /\u001b\[[\d;]*m/g;

/** Painted text as plain text. */
export function withoutColours(text: string): string {
  return text.replace(colours, '');
}
