// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import type { PiStreamOptions } from '../../src/pi/host.ts'
import { withApiKey } from '../../src/provider/api-key.ts'

/** The options that Pi's own client is given. */
function received(options?: PiStreamOptions): PiStreamOptions {
  const streamSimple = (_model: unknown, _context: unknown, given: PiStreamOptions) => given
  return withApiKey(streamSimple, 'se$cret!')({}, {}, options) as PiStreamOptions
}

it('puts the real key in place of the sentinel, and changes nothing else', () => {
  expect(received({ apiKey: 'dynamo-local', headers: { accept: 'a' } })).toEqual({
    apiKey: 'se$cret!',
    headers: { accept: 'a' },
  })
})

it('keeps a key from `/login` or the command line', () => {
  expect(received({ apiKey: 'users-own' })).toEqual({ apiKey: 'users-own' })
})

it('gives no key to a call that has none', () => {
  expect(received()).toEqual({})
})
