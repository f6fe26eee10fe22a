// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import type { InputCensus } from './census.ts'
import { findLook } from './look.ts'

/**
 * The error for inputs that hold no request and no tool event that is wanted:
 * `DYN_INPUT_EMPTY` where there is not one row to look at, else
 * `DYN_INPUT_NOT_A_TRACE`.
 *
 * @param samples Beginnings of inputs, by their places.
 */
export function unusableInputs(
  inputs: readonly InputCensus[],
  samples: ReadonlyMap<number, Uint8Array>,
): DynamoAgentError {
  const name = nameOf(inputs)
  const filtered = inputs.reduce((sum, input) => sum + input.rows.filtered, 0)
  if (filtered > 0) {
    return empty(`none of ${filtered} rows in ${name} is wanted`, 'Check the ids and the times that were asked for.')
  }
  const place = inputs.findIndex((input) => input.rows.skipped > 0)
  const first = inputs[place]
  if (first !== undefined) {
    const { like, advice } = findLook(samples.get(place) ?? new Uint8Array())
    return new DynamoAgentError({
      code: 'DYN_INPUT_NOT_A_TRACE',
      message: `no Dynamo trace rows in ${name}: ${inputs.length > 1 ? first.name : 'it'} looks like ${like}`,
      advice: advice(first.name),
    })
  }
  if (inputs.some((input) => input.rows.payload > 0)) {
    return empty(
      `nothing but request payloads in ${name}`,
      'Add request_end to DYN_REQUEST_TRACE_RECORDS and record again.',
    )
  }
  const unreadable = inputs.find((input) => input.end === 'unreadable')
  if (unreadable !== undefined) {
    return empty(
      `no row in ${name}: ${inputs.length > 1 ? unreadable.name : 'it'} cannot be read`,
      'Check that you may read it, and that it is a file.',
    )
  }
  const broken = inputs.find((input) => input.end === 'corrupt') ?? inputs.find((input) => input.end === 'torn')
  if (broken !== undefined) {
    return empty(
      `no whole row in ${name}: ${inputs.length > 1 ? broken.name : 'it'} is ${broken.end === 'torn' ? 'cut' : 'damaged'}`,
      'Copy the file again from where Dynamo wrote it; gzip -t tells whether it is whole.',
    )
  }
  return empty(
    `${name} ${inputs.length > 1 ? 'are' : 'is'} empty`,
    'Dynamo writes a row when a request has ended, if the frontend ran with DYN_REQUEST_TRACE=1.',
  )
}

function empty(message: string, advice: string): DynamoAgentError {
  return new DynamoAgentError({ code: 'DYN_INPUT_EMPTY', message, advice })
}

function nameOf(inputs: readonly InputCensus[]): string {
  const [only] = inputs
  if (inputs.length > 1 || only === undefined) return `${inputs.length} files`
  return only.name === '-' ? 'standard input' : only.name
}
