// SPDX-License-Identifier: Apache-2.0
import { agentContextBodyDialect, sessionHeadersDialect } from '@dynamo-agent/core'
import { describe, expect, test } from 'vitest'
import { createDialectSelector, type DialectSelectorOptions } from '../../src/index.ts'
import { until } from '../frontends.ts'
import { freePort, gate, readHttpBody, runProgram, serve, type TestServer } from '../support.ts'

const refusal = readHttpBody('1.6.1', 'body-agent-context.400.json')

/** A selector that a slow machine does not make impatient. */
const patient = (baseUrl: string, options: Partial<DialectSelectorOptions> = {}) =>
  createDialectSelector({ baseUrl, waitMs: 15_000, ...options })

/** A frontend whose release can be changed under way, and that counts how often it was asked for it. */
async function changingFrontend(release: string): Promise<TestServer & { release: string; asked: number }> {
  const frontend = { release, asked: 0 }
  const server = await serve((request, response) => {
    if (request.url !== '/openapi.json') {
      response.writeHead(404).end()
      return
    }
    frontend.asked++
    if (frontend.release === 'down') response.writeHead(503).end()
    else if (frontend.release === 'other') response.end('{"info":{"title":"another"}}')
    else response.end(readHttpBody(frontend.release, 'openapi-head.json'))
  })
  return Object.assign(frontend, server)
}

describe('what a request gets', () => {
  test.each([
    ['1.2.1', 'agent-context-body'],
    ['1.3.1', 'session-headers'],
    ['other', 'session-headers'],
  ])('from a frontend that is %s: %s, asked once in the process', async (release, name) => {
    await using frontend = await changingFrontend(release)
    const selectors = ['', '/v1', '/v1/'].map((end) => patient(frontend.url + end))
    const selected = await Promise.all([...selectors, ...selectors].map((selector) => selector.select()))
    expect(new Set(selected.map((dialect) => dialect.name))).toEqual(new Set([name]))
    for (const { current } of selectors) expect(current.name).toBe(name)
    expect(frontend.asked).toBe(1)
    expect(selectors.map(({ counters }) => counters.detections)).toEqual([1, 0, 0])
  })

  test('session headers when the frontend takes longer than it waits, and the answer later', async () => {
    const released = gate()
    await using server = await serve((_request, response) => {
      void released.promise.then(() => response.end(readHttpBody('1.2.1', 'openapi-head.json')))
    })
    const selector = createDialectSelector({ baseUrl: server.url, waitMs: 20 })
    expect((await selector.select()).name).toBe('session-headers')
    expect(selector.counters).toEqual({ detections: 1, guesses: 1, refusals: 0 })
    released.open()
    await until(() => selector.current.name === 'agent-context-body')
    expect(selector.evidence).toMatchObject({ by: 'openapi', release: '1.2.1' })
  })

  test('nothing to wait for once a request has waited in vain', async () => {
    await using server = await serve(() => undefined)
    const options = { baseUrl: server.url, timeoutMs: 60_000 }
    await createDialectSelector({ ...options, waitMs: 20 }).select()
    // The test would time out if this one waited.
    expect((await createDialectSelector({ ...options, waitMs: 60_000 }).select()).name).toBe('session-headers')
  })

  test('what somebody has set, without a question', async () => {
    await using frontend = await changingFrontend('1.6.1')
    const selector = createDialectSelector({ baseUrl: frontend.url, dialect: 'agent-context-body' })
    expect(await selector.select()).toBe(agentContextBodyDialect)
    expect(selector.evidence).toEqual({ by: 'setting', dialect: 'agent-context-body' })
    expect(frontend.asked).toBe(0)
  })

  test('session headers where nobody listens, and no error', async () => {
    const selector = patient(`http://127.0.0.1:${await freePort()}`)
    expect(await selector.select()).toBe(sessionHeadersDialect)
    expect(selector.evidence).toMatchObject({ by: 'unknown', transient: true })
  })

  test('nothing without an address', () => {
    const invalid = expect.objectContaining({ code: 'DYN_INVALID_OPTION' }) as Error
    expect(() => createDialectSelector({ baseUrl: '' })).toThrow(invalid)
  })
})

describe('a frontend that is replaced', () => {
  test.each([
    ['1.2.1', '1.6.1'],
    ['1.6.1', '1.2.1'],
  ])('from %s to %s is known before its first request, after a failure', async (before, after) => {
    await using frontend = await changingFrontend(before)
    const selector = patient(frontend.url)
    const first = await selector.select()
    frontend.release = after
    expect(await selector.select()).toBe(first)
    selector.doubt()
    expect(await selector.select()).not.toBe(first)
    expect(frontend.asked).toBe(2)
    await selector.select()
    expect(frontend.asked).toBe(2)
  })

  test('keeps its dialect while it is down, and is asked until it is there', async () => {
    await using frontend = await changingFrontend('1.2.1')
    const selector = patient(frontend.url)
    await selector.select()
    frontend.release = 'down'
    selector.doubt()
    expect((await selector.select()).name).toBe('agent-context-body')
    selector.doubt()
    expect((await selector.select()).name).toBe('agent-context-body')
    expect(selector.evidence).toMatchObject({ by: 'openapi', release: '1.2.1' })
    frontend.release = '1.6.1'
    selector.doubt()
    expect((await selector.select()).name).toBe('session-headers')
    expect(frontend.asked).toBe(4)
  })

  test('is asked each 5 s, and not waited for, where requests succeed and the question does not', async () => {
    await using frontend = await changingFrontend('down')
    let timeMs = 0
    const selector = patient(frontend.url, { now: () => timeMs })
    for (timeMs = 0; timeMs <= 5000; timeMs += 1000) await selector.select()
    expect(frontend.asked).toBe(1)
    frontend.release = '1.2.1'
    timeMs = 5001
    expect((await selector.select()).name).toBe('session-headers')
    await until(() => selector.current.name === 'agent-context-body')
    expect(frontend.asked).toBe(2)
    expect(selector.counters.guesses).toBe(7)
  })

  test('is asked again when it fails while the answer is on its way', async () => {
    await using frontend = await changingFrontend('1.2.1')
    const selector = patient(frontend.url)
    const selecting = selector.select()
    selector.doubt()
    await selecting
    frontend.release = '1.6.1'
    expect((await selector.select()).name).toBe('session-headers')
  })

  test('without a failure is known after a minute, and no request waits for that', async () => {
    await using frontend = await changingFrontend('1.6.1')
    let timeMs = 0
    const selector = patient(frontend.url, { now: () => timeMs })
    await selector.select()
    frontend.release = '1.2.1'
    timeMs = 60_000
    await selector.select()
    expect(frontend.asked).toBe(1)
    timeMs = 60_001
    expect((await selector.select()).name).toBe('session-headers')
    await until(() => selector.current.name === 'agent-context-body')
    expect(frontend.asked).toBe(2)
  })

  test('is not asked each minute when it is no Dynamo', async () => {
    await using frontend = await changingFrontend('other')
    let timeMs = 0
    const selector = patient(frontend.url, { now: () => timeMs })
    await selector.select()
    timeMs = 1e9
    await selector.select()
    expect(frontend.asked).toBe(1)
  })
})

describe('a refusal', () => {
  test('of identity in the body makes session headers the dialect, for everybody in the process', async () => {
    await using frontend = await changingFrontend('1.2.1')
    const [selector, another] = [patient(frontend.url), patient(frontend.url)]
    const used = await selector.select()
    expect(selector.heal(used, refusal)).toBe(sessionHeadersDialect)
    expect(await another.select()).toBe(sessionHeadersDialect)
    expect(another.evidence).toEqual({ by: 'refusal', dialect: 'session-headers' })
    // A second request that was under way with the old dialect is healed too.
    expect(selector.heal(used, refusal)).toBe(sessionHeadersDialect)
    expect(selector.counters.refusals).toBe(2)
    expect(frontend.asked).toBe(1)
  })

  test.each([
    ['something else', agentContextBodyDialect, readHttpBody('1.2.1', 'unknown-param.400.json')],
    ['an unknown hint', agentContextBodyDialect, readHttpBody('1.6.1', 'hints-unknown-key.400.json')],
    ['a body that we have not sent', sessionHeadersDialect, refusal],
    ['nothing', agentContextBodyDialect, ''],
  ])('of %s is the caller’s own', async (_what, used, text) => {
    await using frontend = await changingFrontend('1.2.1')
    const selector = patient(frontend.url)
    await selector.select()
    expect(selector.heal(used, text)).toBeUndefined()
    expect(selector.current.name).toBe('agent-context-body')
  })

  test('overrules what somebody has set, until the frontend fails', () => {
    const selector = createDialectSelector({ baseUrl: 'http://127.0.0.1:9', dialect: 'agent-context-body' })
    expect(selector.heal(agentContextBodyDialect, refusal)).toBe(sessionHeadersDialect)
    expect(selector.current).toBe(sessionHeadersDialect)
    selector.doubt()
    expect(selector.current).toBe(agentContextBodyDialect)
  })
})

test('the process ends when all is asked', async () => {
  await using frontend = await changingFrontend('1.2.1')
  const run = await runProgram(`
    const { createDialectSelector } = await import(client)
    const selector = createDialectSelector({ baseUrl: ${JSON.stringify(frontend.url)}, waitMs: 600_000 })
    process.stdout.write((await selector.select()).name)
  `)
  expect(run).toEqual({ stdout: 'agent-context-body', stderr: '' })
})
