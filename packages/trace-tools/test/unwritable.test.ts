// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { unwritable } from '../src/unwritable.ts'

it.each([
  ['EACCES', 'Name another file.'],
  ['ENOSPC', 'Make room on that disk, or name a place on another one.'],
  ['EDQUOT', 'Make room on that disk, or name a place on another one.'],
])('what fails with %s is mended in its own way', (code, advice) => {
  const cause = Object.assign(new Error('it fails'), { code })
  const error = unwritable({ what: 'cannot write x', advice: 'Name another file.', cause })
  expect(error).toMatchObject({ code: 'DYN_OUTPUT_UNWRITABLE', message: 'cannot write x: it fails', advice, cause })
})
