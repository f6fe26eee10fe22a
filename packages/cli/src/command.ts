// SPDX-License-Identifier: Apache-2.0
import type { Environment } from '@dynamo-agent/core'
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { commandLineError, explainParseFailure } from './command-line-error.ts'
import type { Output } from './output.ts'

/** What a command meets outside of its own arguments. */
export interface CommandContext {
  /** The words that chose the command, such as `trace convert`. */
  readonly name: string
  readonly output: Output
  readonly environment: Environment
}

/** One command, ready to run. */
export interface Command {
  /** What `--help` prints. */
  readonly usage: string
  /** Every option it knows, without dashes. */
  readonly optionNames: readonly string[]
  /**
   * @returns The exit code.
   * @throws DynamoAgentError `DYN_COMMAND_LINE` when the arguments are at fault, and what the command throws.
   */
  run(args: readonly string[], context: CommandContext): Promise<number>
}

type Values<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; strict: true; allowPositionals: true }>
>['values']

interface Definition<Options extends ParseArgsOptionsConfig> {
  readonly usage: string
  readonly options: Options
  /** What stands outside of options: nothing, inputs, or after `--` a command to run. @defaultValue `none` */
  readonly operands?: 'none' | 'inputs' | 'command'
  run(
    parsed: { readonly values: Values<Options>; readonly operands: readonly string[] },
    context: CommandContext,
  ): Promise<number>
}

const helpOption = { help: { type: 'boolean', short: 'h' } } as const

/** Makes a command out of its options, usage text and what it does. */
export function defineCommand<const Options extends ParseArgsOptionsConfig>(definition: Definition<Options>): Command {
  const { usage, operands = 'none' } = definition
  const options = { ...definition.options, ...helpOption }
  return {
    usage,
    optionNames: Object.keys(options),
    async run(args, context) {
      // All after the first `--` belongs to the command to run, however much it looks like our options.
      const end = operands === 'command' ? args.indexOf('--') : -1
      const own = end === -1 ? args : args.slice(0, end)
      const { values, positionals } = parse(own, options, { name: context.name, usage })
      if ((values as { help?: boolean }).help) {
        context.output.result(usage)
        return 0
      }
      const [stray] = positionals
      if (stray !== undefined && operands !== 'inputs') {
        throw commandLineError({
          message: `${context.name} does not know what to do with ${JSON.stringify(stray)}`,
          ...(operands === 'command' && { reason: 'The command to run comes after --, with its own options.' }),
          usage,
        })
      }
      const rest = operands === 'command' && end !== -1 ? args.slice(end + 1) : positionals
      return definition.run({ values, operands: rest }, context)
    },
  }
}

function parse<Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
  command: { readonly name: string; readonly usage: string },
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
  } catch (error) {
    throw explainParseFailure(error, { args, options, ...command })
  }
}
