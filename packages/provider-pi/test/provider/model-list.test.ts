// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { createModelList } from '../../src/provider/model-list.ts'
import type { ServedModel } from '../../src/provider/models.ts'

/** A list whose frontend answers in turn, and what was offered each time that it changed. */
function listOf(...answers: readonly (readonly ServedModel[])[]) {
  const left = [...answers]
  const changes: string[][] = []
  const list = createModelList({
    ask: () => Promise.resolve({ models: left.shift() ?? [] }),
    fallback: [{ id: 'default' }],
    settings: { b: { contextWindow: 1000, reasoning: true, compat: { supportsReasoningEffort: true } } },
  })
  const offered = () => list.offered.map(({ id }) => id)
  list.onChange(() => changes.push(offered()))
  return { list, offered, changes, left }
}

it('offers something before Dynamo has answered', () => {
  const { list, offered } = listOf()
  expect([offered(), list.discovery]).toEqual([['default'], undefined])
})

it('offers what Dynamo lists, and tells when that is something else', async () => {
  const { list, changes } = listOf([{ id: 'a' }], [{ id: 'a' }], [{ id: 'a' }, { id: 'b' }])
  for (let time = 0; time < 3; time++) await list.refresh()
  expect(changes).toEqual([['a'], ['a', 'b']])
})

it('tells when a model has become another', async () => {
  const { list, changes } = listOf([{ id: 'a', contextWindow: 1000 }], [{ id: 'a', contextWindow: 2000 }])
  for (let time = 0; time < 2; time++) await list.refresh()
  expect(changes).toEqual([['a'], ['a']])
  expect(list.offered[0]?.contextWindow).toBe(2000)
})

it('keeps the last list while Dynamo has no model', async () => {
  const { list, offered, changes } = listOf([{ id: 'a' }], [])
  for (let time = 0; time < 2; time++) await list.refresh()
  expect([offered(), changes, list.discovery?.models]).toEqual([['a'], [['a']], []])
})

it('describes a model as the settings have it', async () => {
  const { list } = listOf([{ id: 'b', contextWindow: 32_768 }])
  await list.refresh()
  expect(list.offered).toMatchObject([
    { id: 'b', contextWindow: 1000, maxTokens: 1000, reasoning: true, compat: { supportsReasoningEffort: true, supportsStore: false } },
  ])
})

it('asks one question at a time', async () => {
  const { list, left } = listOf([{ id: 'a' }], [{ id: 'b' }])
  await Promise.all([list.refresh(), list.refresh()])
  expect(left).toHaveLength(1)
})

it('does not mind a listener that throws', async () => {
  const { list, offered } = listOf([{ id: 'a' }])
  list.onChange(() => {
    throw new Error('its session is gone')
  })
  await list.refresh()
  expect(offered()).toEqual(['a'])
})

it('tells nobody after its end', async () => {
  const { list, changes } = listOf([{ id: 'a' }])
  const asking = list.refresh()
  list.close()
  await asking
  expect(changes).toEqual([])
})
