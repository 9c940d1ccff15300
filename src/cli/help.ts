// What --help prints.

import type { Command } from './command.js';
import type { Option } from './options.js';

/** The help of the program: its commands. */
export function formatProgramHelp(commands: readonly Command[]): string {
  return [
    'Usage: amp-live COMMAND [OPTIONS]',
    '',
    'Plays patches: graphs of sound makers and effects, written as text.',
    '',
    'Commands:',
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    'Options:',
    ...columns([
      ['-h, --help', 'print this help, or with a command the help of that command'],
      ['--version', 'print the version'],
    ]),
    '',
    'Exit codes: 0 done, 1 the input is wrong, 2 the command line is wrong, 3 a device or a file failed.',
    '',
  ].join('\n');
}

/** The help of one command. */
export function formatCommandHelp({ name, summary, usage, details, options }: Command): string {
  return [
    `Usage: amp-live ${name} ${usage}`,
    '',
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(details.length === 0 ? [] : ['', ...details]),
    '',
    'Options:',
    ...columns([
      ...Object.entries(options).map(([long, option]): Row => [optionFace(long, option), option.help]),
      ['-h, --help', 'print this help'],
    ]),
    '',
  ].join('\n');
}

type Row = readonly [face: string, text: string];

function optionFace(long: string, option: Option): string {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  return `${short}--${long}${valueFace(option)}`;
}

function valueFace(option: Option): string {
  switch (option.type) {
    case 'flag':
      return '';
    case 'optional text':
      return `[=${option.value}]`;
    default:
      return ` ${option.value}`;
  }
}

function columns(rows: readonly Row[]): readonly string[] {
  const width = Math.max(...rows.map(([face]) => face.length));
  return rows.map(([face, text]) => `  ${face.padEnd(width)}  ${text}`);
}
