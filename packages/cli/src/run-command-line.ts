// SPDX-License-Identifier: Apache-2.0
import type { Environment } from '@dynamo-agent/core'
import { readFileSync } from 'node:fs'
import { commandLineError } from './command-line-error.ts'
import { commands } from './commands.ts'
import { createOutput, type OutputStream } from './output.ts'
import { reportError } from './report-error.ts'
import { suggest } from './suggest.ts'
import { usageOf } from './usage.ts'

export interface RunCommandLineOptions {
  /** Takes results. @defaultValue process.stdout */
  readonly stdout?: OutputStream
  /** Takes errors, progress and whatever else is said about results. @defaultValue process.stderr */
  readonly stderr?: OutputStream
  /** @defaultValue process.env */
  readonly environment?: Environment
}

/**
 * Runs one command line, as the `dynamo-agent` command does.
 *
 * @param args What stands behind `dynamo-agent`.
 * @returns The exit code. Errors are printed to `stderr`, never thrown.
 */
export async function runCommandLine(args: readonly string[], options: RunCommandLineOptions = {}): Promise<number> {
  const output = createOutput(options.stdout ?? process.stdout, options.stderr ?? process.stderr)
  const environment = options.environment ?? process.env
  try {
    const chosen = choose(args)
    if ('text' in chosen) {
      output.result(chosen.text)
      return 0
    }
    const command = await chosen.entry.load()
    return await command.run(chosen.rest, { name: chosen.entry.name, output, environment })
  } catch (error) {
    return reportError(error, output, environment)
  }
}

/**
 * Reports what was thrown where nobody waits for it.
 *
 * @returns The exit code that goes with it.
 */
export function reportUncaught(error: unknown): number {
  return reportError(error, createOutput(process.stdout, process.stderr), process.env)
}

/** Finds the command that the first words name, or the text that they ask for. */
function choose(given: readonly string[]) {
  // pnpm hands a script the `--` that was typed before its arguments; npm does not.
  const args = given[0] === '--' ? given.slice(1) : given
  const entry = commands.find(({ name }) => name.split(' ').every((word, index) => args[index] === word))
  if (entry !== undefined) return { entry, rest: args.slice(entry.name.split(' ').length) }

  const [first, second] = args
  if (first === '--version') return { text: readVersion() }
  if (isHelp(first)) return { text: usageOf() }

  const group = commands.some(({ name }) => name.startsWith(`${first} `)) ? first : undefined
  if (group !== undefined && isHelp(second)) return { text: usageOf(group) }
  throw unknownCommand(group === undefined ? (first ?? '') : (second ?? ''), group)
}

function isHelp(word: string | undefined): boolean {
  return word === '--help' || word === '-h'
}

function unknownCommand(word: string, group: string | undefined): unknown {
  const within = group === undefined ? '' : `${group} `
  const names = commands.map(({ name }) => name).filter((name) => name.startsWith(within))
  const near = suggest(within + word, names)
  return commandLineError({
    message:
      word === '' ? `dynamo-agent ${within}needs a command` : `there is no command ${JSON.stringify(within + word)}`,
    reason: near === undefined ? listCommands(names) : `Did you mean ${near}?`,
    usage: usageOf(group),
  })
}

function listCommands(names: readonly string[]): string {
  return names.length === 1 ? `The only one is ${names.join()}.` : `The commands are ${names.join(', ')}.`
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return (manifest as { version: string }).version
}
