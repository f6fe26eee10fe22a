// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { errorName } from '../../src/error-kind.ts'
import { describeFailure } from '../../src/harness/request-failure.ts'

const withStatus = (statusCode: number, cause?: Error) => Object.assign(new Error('x', { cause }), { statusCode })

describe('a failed request is told', () => {
  it.each([
    ['by the status that refused it', withStatus(503), { status: 503 }],
    ['by what broke off an answer that had begun well', withStatus(200, Object.assign(new Error(), { code: 'ECONNRESET' })), { errorType: 'ECONNRESET' }],
    ['by its class where nothing else is known', new RangeError('x'), { errorType: 'RangeError' }],
    ['as an error where it is none', undefined, { errorType: 'Error' }],
  ])('%s', (_how, error, told) => {
    expect(describeFailure(error)).toEqual(told)
  })

  it('though its causes go round in a ring', () => {
    const error = new Error('x')
    error.cause = error
    expect(describeFailure(error)).toEqual({ errorType: 'Error' })
  })

  it('though its name throws', () => {
    const error = Object.defineProperty(new Error('x'), 'name', {
      get() {
        throw new Error('no')
      },
    })
    expect(errorName(error)).toBe('Error')
  })
})
