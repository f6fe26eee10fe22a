// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import type { PiContext, PiHost } from '../../src/pi/host.ts'
import { keepModelsFresh, type KeepModelsFreshOptions } from '../../src/provider/keep-models-fresh.ts'
import { createModelList } from '../../src/provider/model-list.ts'

const nothing: readonly string[] = []

/** A list that is kept fresh, where Dynamo answers in turn, and the events that Pi tells of. */
function keep(answers: readonly (readonly string[])[], options: KeepModelsFreshOptions = {}) {
  let asked = 0
  const models = createModelList({
    ask: () => Promise.resolve({ models: (answers[asked++] ?? answers.at(-1) ?? []).map((id) => ({ id })) }),
    fallback: [],
    settings: {},
  })
  const handlers = new Map<string, (event: unknown, context: Pick<PiContext, 'hasUI'>) => void>()
  const on = (event: string, handler: (event: never, context: never) => void) => handlers.set(event, handler as never)
  keepModelsFresh({ on } as unknown as PiHost, models, options)
  const tell = (event: string, hasUI = true) => handlers.get(event)?.({}, { hasUI })
  return { models, tell, asked: () => asked }
}

it('asks a Dynamo that lists nothing again and again, until it does', async () => {
  const { tell, asked, models } = keep([nothing, nothing, ['m']], { retryMs: 5 })
  tell('session_start')
  await vi.waitUntil(() => models.offered.length === 1)
  await sleep(50)
  expect(asked()).toBe(3)
})

it('asks nothing by itself where nobody can choose a model', async () => {
  const { tell, asked } = keep([nothing], { retryMs: 5 })
  tell('session_start', false)
  await sleep(50)
  expect(asked()).toBe(0)
})

it('asks with a prompt while there is no list', async () => {
  const { tell, asked } = keep([nothing, ['m']])
  for (const expected of [1, 2, 2]) {
    tell('before_agent_start')
    await sleep(1)
    expect(asked()).toBe(expected)
  }
})

it('asks with a prompt when the list is old', async () => {
  const { tell, asked, models } = keep([['m']], { renewMs: 20 })
  await models.refresh()
  tell('before_agent_start')
  expect(asked()).toBe(1)
  await sleep(30)
  tell('before_agent_start')
  expect(asked()).toBe(2)
})

it('asks nothing after the end of the session', async () => {
  const { tell, asked } = keep([nothing], { retryMs: 5 })
  tell('session_start')
  tell('session_shutdown')
  await sleep(50)
  expect(asked()).toBe(0)
})
