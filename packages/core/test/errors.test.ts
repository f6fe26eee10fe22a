// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { DynamoAgentError } from '../src/index.ts'
import { runProgram, sourceUrl } from './support.ts'

const cause = new Error('ECONNREFUSED')
const error = new DynamoAgentError({
  code: 'DYN_HTTP_UNREACHABLE',
  message: 'the frontend cannot be reached',
  advice: 'Start it.',
  cause,
})

describe('DynamoAgentError', () => {
  test('is an Error with a code, an advice and a cause', () => {
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'DynamoAgentError',
      code: 'DYN_HTTP_UNREACHABLE',
      message: 'the frontend cannot be reached',
      advice: 'Start it.',
      cause,
    })
    expect(error.stack).toContain('errors.test.ts')
  })

  test('has no cause unless one is given', () => {
    const bare = new DynamoAgentError({ code: 'DYN_INPUT_EMPTY', message: 'm', advice: 'a' })
    expect(bare).not.toHaveProperty('cause')
  })

  test('shows its code where it is printed as data, and no marker', () => {
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'DynamoAgentError',
      code: 'DYN_HTTP_UNREACHABLE',
      advice: 'Start it.',
    })
  })

  test.each([
    [undefined],
    [null],
    ['DYN_INPUT_EMPTY'],
    [7],
    [{}],
    [new Error('DYN_INPUT_EMPTY')],
    [{ code: 'DYN_INPUT_EMPTY' }],
  ])('isInstance refuses what is none (%#)', (value) => {
    expect(DynamoAgentError.isInstance(value)).toBe(false)
  })

  test('isInstance holds across two copies of the module, where instanceof does not', async () => {
    const seen = await runProgram(`
      const url = ${JSON.stringify(sourceUrl('errors.ts'))}
      const one = await import(url)
      const other = await import(url + '?copy')
      const error = new other.DynamoAgentError({ code: 'DYN_INPUT_EMPTY', message: 'm', advice: 'a' })
      console.log(JSON.stringify([error instanceof one.DynamoAgentError, one.DynamoAgentError.isInstance(error)]))
    `)
    expect(seen).toEqual([false, true])
  })
})
