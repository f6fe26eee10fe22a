// SPDX-License-Identifier: Apache-2.0

/** The command line is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError'

  /** Whether parseArgs or one of the readers here found the command line at fault. */
  static isUsage(error: unknown): error is Error {
    if (error instanceof UsageError) return true
    return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  }
}

export function readCount(option: string, value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new UsageError(`${option} ${value}: not a whole number`)
  return Number(value)
}

export function readChoice<Choice extends string>(option: string, value: string, choices: readonly Choice[]): Choice {
  const chosen = choices.find((choice) => choice === value)
  if (chosen === undefined) throw new UsageError(`${option} ${value}: none of ${choices.join(', ')}`)
  return chosen
}

/** Runs a program to its end; a wrong command line ends it with what is wrong, how it is used, and status 2. */
export async function runProgram(main: () => Promise<void>, usage: string): Promise<void> {
  try {
    await main()
  } catch (error) {
    if (!UsageError.isUsage(error)) throw error
    process.stderr.write(`${error.message}\n\n${usage}`)
    process.exitCode = 2
  }
}
