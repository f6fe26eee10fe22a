// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { suggest } from './suggest.ts'

interface CommandLineFault {
  readonly message: string
  /** The line between what happened and what to type. */
  readonly reason?: string | undefined
  /** A usage text; its first line is the advice. */
  readonly usage: string
  readonly cause?: unknown
}

/** The error of a command line that cannot be understood; it ends with how it is typed. */
export function commandLineError({ message, reason, usage }: CommandLineFault): DynamoAgentError {
  return new DynamoAgentError({
    code: 'DYN_COMMAND_LINE',
    message,
    advice: usage.split('\n', 1)[0] ?? usage,
    ...(reason !== undefined && { cause: new Error(reason) }),
  })
}

/** Says what `parseArgs` refused, with the nearest option that exists. */
export function explainParseFailure(
  error: unknown,
  command: {
    readonly args: readonly string[]
    readonly options: ParseArgsOptionsConfig
    readonly name: string
    readonly usage: string
  },
): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const { args, options, name, usage } = command
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true })
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const unknown = tokens.find((token) => token.kind === 'option' && !Object.hasOwn(options, token.name))
    const flag = unknown?.kind === 'option' ? unknown.rawName : ''
    const near = suggest(flag.replace(/^-+/, ''), Object.keys(options))
    return commandLineError({
      message: `${name} has no option ${flag}`,
      reason: near === undefined ? undefined : `Did you mean --${near}?`,
      usage,
    })
  }
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' && error instanceof Error) {
    const option = /(--[a-z-]+)/.exec(error.message)?.[1] ?? 'an option'
    if (options[option.slice(2)]?.type !== 'string') {
      return commandLineError({ message: `${option} takes no value`, usage })
    }
    const typed = tokens.flatMap((token) =>
      token.kind === 'option' && token.name === option.slice(2) && token.inlineValue === false ? [token.value] : [],
    )
    const meant = typed.find((value) => isDashedValue(value, options))
    return commandLineError({
      message: `${option} needs a value`,
      reason: meant === undefined ? undefined : `One that begins with a dash is given with an equals sign: ${option}=${meant}`,
      usage,
    })
  }
  return error
}

/** Begins with a dash, and is no option for all that. */
function isDashedValue(word: string, options: ParseArgsOptionsConfig): boolean {
  if (!word.startsWith('-') || word === '-') return false
  if (!word.startsWith('--')) return !Object.values(options).some(({ short }) => word[1] === short)
  const [name = ''] = word.slice(2).split('=')
  return !Object.hasOwn(options, name)
}
