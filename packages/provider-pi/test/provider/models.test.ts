// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { describeModel, parseModelIds } from '../../src/provider/models.ts'

it.each([
  ['nothing', { id: 'm' }, { contextWindow: 128_000, maxTokens: 8192 }],
  ['0', { id: 'm', contextWindow: 0 }, { contextWindow: 128_000, maxTokens: 8192 }],
  ['a large one', { id: 'm', contextWindow: 262_144 }, { contextWindow: 262_144, maxTokens: 8192 }],
  ['a small one', { id: 'm', contextWindow: 4096 }, { contextWindow: 4096, maxTokens: 4096 }],
])('describes a model whose frontend gives %s as its context window', (_what, served, described) => {
  expect(describeModel(served)).toMatchObject({ id: 'm', name: 'm', ...described })
})

it.each([
  [undefined, []],
  ['', []],
  ['one', ['one']],
  ['org/one, two  three,', ['org/one', 'two', 'three']],
])('reads the model ids of %j', (text, ids) => {
  expect(parseModelIds(text)).toEqual(ids)
})
