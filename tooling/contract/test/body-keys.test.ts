// SPDX-License-Identifier: Apache-2.0
import { refusesBodyKey } from '@dynamo-agent/core'
import { releases } from '@dynamo-agent/real-dynamo'
import { expect, test } from 'vitest'
import { bodyKeys } from '../src/body-keys.ts'

test.each(releases)('the adapters leave out what %s refuses, and nothing else', (release) => {
  const refused = Object.entries(bodyKeys).filter(([, key]) => !key.accepted[release])
  const leftOut = Object.keys(bodyKeys).filter((key) => refusesBodyKey(key, release))
  expect(leftOut).toEqual(refused.map(([key]) => key))
})
