#!/usr/bin/env node
// The command `amp-live`. What a command needs is loaded when it runs, so that help and mistakes are answered at once.

import { didYouMean } from '../patch/suggestion.js';
import { checkCommand } from './check.js';
import type { Command } from './command.js';
import { devicesCommand } from './devices.js';
import { exitCodes } from './exit-code.js';
import { fitCommand } from './fit.js';
import { formatCommandHelp, formatProgramHelp } from './help.js';
import { nodesCommand } from './nodes.js';
import { readOptions } from './options.js';
import { planCommand } from './plan.js';
import { playCommand } from './play.js';
import { print, printError } from './print.js';
import { renderCommand } from './render.js';

const commands: readonly Command[] = [
  playCommand,
  renderCommand,
  checkCommand,
  planCommand,
  nodesCommand,
  devicesCommand,
  fitCommand,
];

const helpOption = { help: { type: 'flag', short: 'h', help: 'print this help' } } as const;

async function runProgram(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    printError(formatProgramHelp(commands));
    return exitCodes.usage;
  }
  if (name.startsWith('-')) {
    return runWithoutCommand(args);
  }
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    const names = commands.map((each) => each.name);
    return misused('amp-live', [`there is no command "${name}"${didYouMean(name, names)}`]);
  }
  return runCommand(command, rest);
}

async function runWithoutCommand(args: readonly string[]): Promise<number> {
  const reading = readOptions(args, { ...helpOption, version: { type: 'flag', help: 'print the version' } });
  if (!reading.ok) {
    return misused('amp-live', reading.mistakes);
  }
  if (reading.values.version) {
    const { packageVersion } = await import('./version.js');
    print(`amp-live ${packageVersion()}`);
    return exitCodes.done;
  }
  print(formatProgramHelp(commands));
  return exitCodes.done;
}

async function runCommand(command: Command, args: readonly string[]): Promise<number> {
  const { name, options, positionals: wanted } = command;
  const reading = readOptions(args, { ...options, ...helpOption }, wanted.most);
  if (!reading.ok) {
    return misused(`amp-live ${name}`, reading.mistakes);
  }
  const { values, positionals } = reading;
  if (values.help) {
    print(formatCommandHelp(command));
    return exitCodes.done;
  }
  if (positionals.length < wanted.least) {
    return misused(`amp-live ${name}`, [`${wanted.name} is missing`]);
  }
  if (positionals.length > wanted.most) {
    return misused(`amp-live ${name}`, [
      `found "${positionals[wanted.most]}" after ${wanted.name}; nothing fits there`,
    ]);
  }
  return command.run(values, positionals);
}

function misused(prefix: string, mistakes: readonly string[]): number {
  for (const mistake of mistakes) {
    printError(`${prefix}: ${mistake}`);
  }
  printError(`${prefix} --help tells more`);
  return exitCodes.usage;
}

/** Whoever reads the output, such as `head`, may have seen enough. */
function endQuietlyWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') {
    throw error;
  }
  process.exit(exitCodes.done);
}

process.stdout.on('error', endQuietlyWhenNobodyReads);
process.stderr.on('error', endQuietlyWhenNobodyReads);

try {
  process.exitCode = await runProgram(process.argv.slice(2));
} catch (fault) {
  printError(`amp-live: a fault of its own:\n${fault instanceof Error ? fault.stack : String(fault)}`);
  process.exitCode = exitCodes.failure;
}
