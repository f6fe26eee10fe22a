// SPDX-License-Identifier: Apache-2.0
import { currentAgentContext } from '@dynamo-agent/core'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { withAgentSession } from '../../src/index.ts'
import { wrapTools } from '../../src/telemetry/index.ts'

const options = { toolCallId: 'call-123' }
const where = () => currentAgentContext()?.trajectoryId
const parent = () => currentAgentContext()?.parentTrajectoryId
const inSession = <Result>(fn: () => Result) => withAgentSession('chat', fn)

describe('the body of a tool runs as a subagent of the caller', () => {
  it('with an id that names the tool and its call', () => {
    const { tool } = wrapTools({ tool: { execute: (_input: object, _options: object) => currentAgentContext() } })
    expect(inSession(() => tool.execute({}, options))).toEqual({
      sessionId: 'chat',
      trajectoryId: expect.stringMatching(/^tool\.call-123\.[0-9a-f]{12}-\d+$/) as string,
      parentTrajectoryId: 'chat',
      sessionTypeId: 'ai_sdk_agent',
    })
  })

  it('even if its name and the id of the call are no good ids', () => {
    const tools = wrapTools({ 'wörk it': { execute: (_input: object, _options: object) => parent() } })
    expect(inSession(() => tools['wörk it'].execute({}, { toolCallId: 'ü'.repeat(500) }))).toBe('chat')
  })

  it('another one for each call, and calls of one id too', () => {
    const { tool } = wrapTools({ tool: { execute: (_input: object, _options: object) => where() } })
    const ids = inSession(() => [tool.execute({}, options), tool.execute({}, options)])
    expect(new Set(ids).size).toBe(2)
  })

  it('and inside a tool of the same id, one of that one', () => {
    const { inner } = wrapTools({ inner: { execute: (_input: object, _options: object) => parent() } })
    const { outer } = wrapTools({
      outer: { execute: (_input: object, given: object) => [where(), inner.execute({}, given as typeof options)] },
    })
    const [outside, insideParent] = inSession(() => outer.execute({}, options))
    expect(insideParent).toBe(outside)
    expect(outside).not.toBe('chat')
  })

  it('where there is a session at all', () => {
    const { tool } = wrapTools({ tool: { execute: (_input: object, _options: object) => where() } })
    expect(tool.execute({}, options)).toBeUndefined()
  })
})

describe('what a body gives comes through', () => {
  it('as a promise', async () => {
    const execute = async (_input: object, _options: object) => {
      await Promise.resolve()
      return parent()
    }
    const { tool } = wrapTools({ tool: { execute } })
    expect(await inSession(() => tool.execute({}, options))).toBe('chat')
  })

  it('as an error', () => {
    const execute = (_input: object, _options: object): never => {
      throw new RangeError('as tested')
    }
    expect(() => inSession(() => wrapTools({ tool: { execute } }).tool.execute({}, options))).toThrow(RangeError)
  })

  it('as preliminary results, read anywhere and stopped anywhere', async () => {
    const seen: (string | undefined)[] = []
    async function* execute(_input: object, _options: object) {
      try {
        for (;;) {
          await Promise.resolve()
          seen.push(parent())
          yield 'more'
        }
      } finally {
        seen.push(parent())
      }
    }
    const results = inSession(() => wrapTools({ tool: { execute } }).tool.execute({}, options))
    for await (const result of results) {
      expect(result).toBe('more')
      if (seen.length === 2) break
    }
    const failing = inSession(() => wrapTools({ tool: { execute } }).tool.execute({}, options))[Symbol.asyncIterator]()
    await failing.next()
    await expect(failing.throw(new RangeError('as tested'))).rejects.toThrow(RangeError)
    expect(seen).toEqual(['chat', 'chat', 'chat', 'chat', 'chat'])
  })
})

describe('a tool stays what it is', () => {
  class Counter {
    #count = 0
    readonly description = 'Counts'
    execute(_input: object, _options: object) {
      return ++this.#count
    }
  }

  it('an instance whose body has its private fields', () => {
    const counter = new Counter()
    const { tool } = wrapTools({ tool: counter })
    expect([tool.execute({}, options), counter.execute({}, options)]).toEqual([1, 2])
    expect(tool).toBeInstanceOf(Counter)
    expect(tool).toMatchObject({ description: 'Counts' })
  })

  it('and is not changed itself', () => {
    const tool = Object.freeze({ description: 'Looks up', execute: (_input: object, _options: object) => where() })
    const wrapped = wrapTools({ tool })
    expect(inSession(() => tool.execute({}, options))).toBe('chat')
    expect(Object.keys(wrapped.tool)).toEqual(['description', 'execute'])
  })

  it('without a body the very same', () => {
    const tools = { client: { description: 'Asks' }, absent: undefined }
    const wrapped = wrapTools(tools)
    expect(wrapped.client).toBe(tools.client)
    expect(wrapped).toEqual(tools)
  })

  it('wrapped twice, wrapped once', () => {
    const once = wrapTools({ tool: new Counter() })
    expect(wrapTools(once).tool).toBe(once.tool)
  })

  it('of the same type', () => {
    const tools = { counter: new Counter() }
    expectTypeOf(wrapTools(tools)).toEqualTypeOf(tools)
    expect(Object.keys(wrapTools(tools))).toEqual(['counter'])
  })
})
