// SPDX-License-Identifier: Apache-2.0
import { createDialectSelector, type DialectSelector } from '@dynamo-agent/client/detect'
import { agentContextBodyDialect, sessionHeadersDialect, type Dialect } from '@dynamo-agent/core'
import { describe, expect, it } from 'vitest'
import type { PiHeaders, PiModel, PiStreamOptions, PiStreamSimple } from '../../src/pi/host.ts'
import { identifyStream } from '../../src/provider/stream.ts'

const context = { sessionId: 'S', trajectoryId: 'T', parentTrajectoryId: 'P', sessionTypeId: 'pi_coding_agent' }
const identify = (dialect: Dialect) => dialect.identify(context, { priority: 3 }, 'R')
const speaking = (dialect: 'session-headers' | 'agent-context-body') =>
  createDialectSelector({ baseUrl: 'http://127.0.0.1:9', dialect })

interface Call {
  readonly options?: PiStreamOptions
  readonly model?: PiModel
  readonly selector?: DialectSelector
}

/** Makes one call and returns what Pi's own client was given. */
function call({ options, model = {}, selector = speaking('session-headers') }: Call = {}): PiStreamOptions {
  const stream = { events: true }
  const transcript = { messages: [] }
  let received: PiStreamOptions = {}
  const streamSimple: PiStreamSimple = (givenModel, givenTranscript, given: PiStreamOptions) => {
    expect(givenModel).toBe(model)
    expect(givenTranscript).toBe(transcript)
    received = given
    return stream
  }
  const wrapped = identifyStream(streamSimple, { selector, identify })
  expect(wrapped(model, transcript, options)).toBe(stream)
  return received
}

describe('an LLM call of Pi', () => {
  it('passes its model, its transcript and its stream through, with identity in the headers', () => {
    expect(call()).toMatchObject({
      headers: { 'x-dynamo-session-id': 'T', 'x-dynamo-parent-session-id': 'P', 'x-request-id': 'R' },
    })
  })

  it('carries hints on top of what other extensions made of the body', async () => {
    const { onPayload } = call({
      options: { onPayload: (payload) => Promise.resolve({ ...(payload as object), temperature: 0 }) },
    })
    expect(await onPayload?.({ model: 'm' }, undefined as never)).toEqual({
      model: 'm',
      temperature: 0,
      nvext: { agent_hints: { priority: 3 } },
    })
  })

  it('carries hints when the other extension leaves the body as it is', async () => {
    const { onPayload } = call({ options: { onPayload: () => undefined } })
    expect(await onPayload?.({ model: 'm' }, undefined as never)).toEqual({
      model: 'm',
      nvext: { agent_hints: { priority: 3 } },
    })
  })

  it.each([
    ['1.5.1', { model: 'm', messages: [] }],
    ['1.6.1', { model: 'm', messages: [], prompt_cache_key: 'k' }],
  ])('leaves out what Dynamo %s would refuse it for', async (release, sent) => {
    const evidence = { by: 'openapi', dialect: 'session-headers', release, steps: [] } as const
    const selector = { ...speaking('session-headers'), evidence }
    const { onPayload } = call({ selector })
    const payload = { model: 'm', messages: [], prompt_cache_key: 'k', prompt_cache_retention: '24h', priority: 1 }
    expect(await onPayload?.(payload, undefined as never)).toMatchObject(sent)
    expect(Object.keys((await onPayload?.(payload, undefined as never)) as object).sort()).toEqual(
      [...Object.keys(sent), 'nvext'].sort(),
    )
  })

  it('leaves out what any release of a healed generation would refuse it for', async () => {
    const evidence = { by: 'refusal', dialect: 'session-headers' } as const
    const { onPayload } = call({ selector: { ...speaking('session-headers'), evidence } })
    const payload = { model: 'm', prompt_cache_key: 'k', thinking: {} }
    const body = await onPayload?.(payload, undefined as never)
    expect(body).toMatchObject({ model: 'm', thinking: {} })
    expect(body).not.toHaveProperty('prompt_cache_key')
  })

  it('leaves out nothing where the server may be no Dynamo', async () => {
    const evidence = { by: 'unknown', dialect: 'session-headers', transient: false, steps: [] } as const
    const { onPayload } = call({ selector: { ...speaking('session-headers'), evidence } })
    expect(await onPayload?.({ model: 'm', priority: 1 }, undefined as never)).toMatchObject({ priority: 1 })
  })

  const all = { 'x-dynamo-session-id': 'T', 'x-dynamo-parent-session-id': 'P', 'x-request-id': 'R' }
  const { 'x-request-id': _id, ...session } = all

  it.each<[string, { ofModel?: PiHeaders; ofCall?: PiHeaders }, PiHeaders]>([
    ['its own headers', { ofCall: { accept: 'text/plain' } }, { accept: 'text/plain', ...all }],
    ['a request id in any letter case', { ofCall: { 'X-Request-ID': 'mine' } }, { ...session, 'X-Request-ID': 'mine' }],
    ['a request id that somebody deletes', { ofCall: { 'x-request-id': null } }, { ...session, 'x-request-id': null }],
    ["its model's headers, which Pi adds before", { ofModel: { 'X-Request-Id': 'mine' } }, session],
    [
      'a session of another choice, without our parent',
      { ofCall: { 'X-Dynamo-Session-Id': 'mine' } },
      { 'X-Dynamo-Session-Id': 'mine', 'x-request-id': 'R' },
    ],
  ])('keeps %s', (_what, { ofModel, ofCall }, expected) => {
    const model = { ...(ofModel && { headers: ofModel }) }
    const options = { ...(ofCall && { headers: ofCall }) }
    expect(call({ model, options }).headers).toEqual(expected)
  })

  it('keeps what is deleted out of its fetch too', async () => {
    const sent: Headers[] = []
    const fetch: typeof globalThis.fetch = (_input, init) => {
      sent.push(new Headers(init?.headers))
      return Promise.resolve(new Response())
    }
    const received = call({ options: { fetch, headers: { 'x-request-id': null } } })
    await received.fetch?.('http://127.0.0.1:9/v1/chat/completions', { method: 'POST', body: '{}' })
    expect(sent.map((headers) => Object.fromEntries(headers))).toEqual([session])
  })

  it('speaks in its fetch what the frontend turns out to speak', async () => {
    const sent: unknown[] = []
    const fetch: typeof globalThis.fetch = (_input, init) => {
      sent.push(JSON.parse(init?.body as string))
      return Promise.resolve(new Response())
    }
    // 1.2 was there when the call began, a later one is when it is sent.
    const selector = { ...speaking('agent-context-body'), select: () => Promise.resolve(sessionHeadersDialect) }
    const received = call({ options: { fetch }, selector })
    const payload = await received.onPayload?.({ model: 'm' }, undefined as never)
    expect(payload).toEqual({ model: 'm', nvext: identify(agentContextBodyDialect).nvext })
    await received.fetch?.('http://127.0.0.1:9/v1/chat/completions', { method: 'POST', body: JSON.stringify(payload) })
    expect(sent).toEqual([{ model: 'm', nvext: { agent_hints: { priority: 3 } } }])
  })

  describe('whose answer somebody looks at', () => {
    const released = { by: 'openapi', dialect: 'session-headers', release: '1.6.1', steps: [] } as const
    const answer = () => new Response('as Dynamo sends it')

    /** Makes a call to a server of which this is known, and returns what was sent and what was seen. */
    async function observed(evidence: DialectSelector['evidence']) {
      const sent: unknown[] = []
      const seen: string[] = []
      const identity = {
        selector: { ...speaking('session-headers'), evidence },
        identify,
        observe: () => (response: Response) => {
          seen.push('looked at')
          return response
        },
      }
      const fetch: typeof globalThis.fetch = (_input, init) => {
        sent.push((JSON.parse(init?.body as string) as { nvext?: unknown }).nvext)
        return Promise.resolve(answer())
      }
      const send = async (_model: unknown, _context: unknown, { onPayload, fetch: own }: PiStreamOptions) => {
        const body = JSON.stringify(await onPayload?.({ model: 'm' }, undefined as never))
        return own?.('http://127.0.0.1:9/v1/chat/completions', { method: 'POST', body })
      }
      const response = (await identifyStream(send, identity)({}, {}, { fetch })) as Response
      return { sent, seen, text: await response.text() }
    }

    it('asks Dynamo how it was served', async () => {
      const nvext = { agent_hints: { priority: 3 }, extra_fields: ['worker_id', 'timing'] }
      expect(await observed(released)).toEqual({ sent: [nvext], seen: ['looked at'], text: 'as Dynamo sends it' })
    })

    it.each<[string, DialectSelector['evidence']]>([
      ['is not known yet', undefined],
      ['is no Dynamo', { by: 'unknown', dialect: 'session-headers', transient: false, steps: [] }],
    ])('asks nothing of a server that %s', async (_what, evidence) => {
      expect(await observed(evidence)).toMatchObject({ sent: [{ agent_hints: { priority: 3 } }], seen: [] })
    })
  })

  it('has no identity before the session has started', () => {
    const wrapped: PiStreamOptions[] = []
    const streamSimple = (_model: unknown, _context: unknown, options: PiStreamOptions) => wrapped.push(options)
    const identity = { selector: speaking('session-headers'), identify: () => undefined }
    identifyStream(streamSimple, identity)({}, {}, { headers: { accept: 'a' } })
    expect(wrapped).toEqual([{ headers: { accept: 'a' } }])
  })
})
