// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'

/** The value of one option as it was typed. */
interface GivenOption {
  /** With its dashes. */
  readonly option: string
  readonly value: string | undefined
}

/** A whole number within limits. @throws DynamoAgentError `DYN_COMMAND_LINE` */
export function readInteger(
  { option, value }: GivenOption,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  if (value === undefined) return undefined
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (number >= min && number <= max) return number
  throw refuseValue({ option, value }, `Give a whole number from ${min} to ${max}.`)
}

/** A number above zero. @throws DynamoAgentError `DYN_COMMAND_LINE` */
export function readPositive({ option, value }: GivenOption): number | undefined {
  if (value === undefined) return undefined
  const number = value.trim() === '' ? Number.NaN : Number(value)
  if (number > 0 && Number.isFinite(number)) return number
  throw refuseValue({ option, value }, 'Give a number above 0.')
}

/** One of a few words. @throws DynamoAgentError `DYN_COMMAND_LINE` */
export function readChoice<Choice extends string>(
  { option, value }: GivenOption,
  choices: readonly Choice[],
): Choice | undefined {
  const chosen = choices.find((choice) => choice === value)
  if (value === undefined || chosen !== undefined) return chosen
  throw refuseValue({ option, value }, `Give ${choices.join(' or ')}.`)
}

/** Says that a value is none that an option takes. */
export function refuseValue({ option, value }: GivenOption, advice: string): DynamoAgentError {
  return new DynamoAgentError({
    code: 'DYN_COMMAND_LINE',
    message: `${option} cannot be ${JSON.stringify(value)}`,
    advice,
  })
}
