// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { createDialectSelector, createIdentityFetch } from '../../src/index.ts'
import { numberedIdentity, postChat, recordedIdentity, startFrontend, until, type Generation } from '../frontends.ts'
import { gate } from '../support.ts'

interface Agent {
  readonly fetch: typeof globalThis.fetch
  readonly baseUrl: string
  /** Called before each request with how many have been answered. */
  readonly goesOn: (answered: number) => boolean
  /** What it waits for when nobody answers, before it asks again. */
  readonly backOff: () => Promise<unknown>
}

/** Asks one thing after the other; as in every harness, a failed connection is tried again and any answer is final. */
async function runAgent({ fetch, baseUrl, goesOn, backOff }: Agent) {
  const statuses: number[] = []
  let failures = 0
  while (goesOn(statuses.length)) {
    try {
      const response = await postChat(fetch, baseUrl)
      await response.text()
      statuses.push(response.status)
    } catch {
      failures++
      await backOff()
    }
  }
  return { statuses, failures }
}

const replacements: readonly (readonly [Generation, Generation])[] = [
  ['1.2', '1.3+'],
  ['1.3+', '1.2'],
]

describe.each(replacements)('a frontend of %s that one of %s replaces', (before, after) => {
  test('under a running agent loses no request and no identity', async () => {
    const old = await startFrontend(before)
    const selector = createDialectSelector({ baseUrl: old.baseUrl, waitMs: 15_000 })
    const fetch = createIdentityFetch({ selector, identify: numberedIdentity() })
    const replaced = gate()
    let answered = 0
    let enough = Infinity
    let waits = false
    const agent = runAgent({
      fetch,
      baseUrl: old.baseUrl,
      goesOn: (count) => (answered = count) < enough,
      backOff() {
        waits = true
        return replaced.promise
      },
    })
    await until(() => answered >= 10)
    await old.close()
    const oldRequests = await old.requests()
    await until(() => waits)
    const replacement = await startFrontend(after, old.port)
    enough = oldRequests.length + 10
    replaced.open()
    const { statuses, failures } = await agent

    expect(failures).toBeGreaterThan(0)
    expect(new Set(statuses)).toEqual(new Set([200]))
    const newRequests = await replacement.requests()
    expect(oldRequests.length + newRequests.length).toBe(statuses.length)
    for (const { identity } of oldRequests) expect(identity).toMatchObject(recordedIdentity[before])
    for (const { identity } of newRequests) expect(identity).toMatchObject(recordedIdentity[after])
    expect(replacement.counters.requests.failed).toBe(0)
  })
})

test('a replacement that no failure tells of costs a repetition that the caller does not see', async () => {
  const old = await startFrontend('1.2')
  const selector = createDialectSelector({ baseUrl: old.baseUrl, waitMs: 15_000 })
  const fetch = createIdentityFetch({ selector, identify: numberedIdentity() })
  await postChat(fetch, old.baseUrl)
  await old.close()
  const replacement = await startFrontend('1.3+', old.port)
  const answers = await Promise.all([1, 2, 3, 4].map(() => postChat(fetch, old.baseUrl)))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(selector.current.name).toBe('session-headers')
  const requests = await replacement.requests()
  expect(requests).toHaveLength(4)
  for (const { identity } of requests) expect(identity).toMatchObject(recordedIdentity['1.3+'])
  expect(replacement.counters.requests.failed).toBe(4)
})
