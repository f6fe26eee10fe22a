// SPDX-License-Identifier: Apache-2.0
import { sessionHeadersDialect, type RequestIdentity } from '@dynamo-agent/core'
import { describe, expect, it } from 'vitest'
import type { PiStreamOptions } from '../../src/pi/host.ts'
import { identifyStream } from '../../src/provider/stream.ts'

const context = { sessionId: 'S', trajectoryId: 'T', parentTrajectoryId: 'P', sessionTypeId: 'pi_coding_agent' }
const identity = sessionHeadersDialect.identify(context, { priority: 3 }, 'R')

/** Makes one call and returns what Pi's own client was given. */
function call(options?: PiStreamOptions, identified: RequestIdentity | undefined = identity) {
  const stream = { events: true }
  const model = { id: 'm' }
  const transcript = { messages: [] }
  let received: PiStreamOptions = {}
  const wrapped = identifyStream({
    apiKey: 'se$cret!',
    identify: () => identified,
    streamSimple: (givenModel, givenTranscript, given: PiStreamOptions) => {
      expect(givenModel).toBe(model)
      expect(givenTranscript).toBe(transcript)
      received = given
      return stream
    },
  })
  expect(wrapped(model, transcript, options)).toBe(stream)
  return received
}

describe('an LLM call of Pi', () => {
  it('passes its model, its transcript and its stream through, with identity in the headers', () => {
    expect(call()).toMatchObject({
      headers: { 'x-dynamo-session-id': 'T', 'x-dynamo-parent-session-id': 'P', 'x-request-id': 'R' },
    })
  })

  it('gets the real key in place of the sentinel', () => {
    expect(call({ apiKey: 'dynamo-local' }).apiKey).toBe('se$cret!')
  })

  it('keeps a key from `/login` or the command line', () => {
    expect(call({ apiKey: 'users-own' }).apiKey).toBe('users-own')
  })

  it('carries hints on top of what other extensions made of the body', async () => {
    const { onPayload } = call({ onPayload: (payload) => Promise.resolve({ ...(payload as object), temperature: 0 }) })
    expect(await onPayload?.({ model: 'm' }, undefined as never)).toEqual({
      model: 'm',
      temperature: 0,
      nvext: { agent_hints: { priority: 3 } },
    })
  })

  it('carries hints when the other extension leaves the body as it is', async () => {
    const { onPayload } = call({ onPayload: () => undefined })
    expect(await onPayload?.({ model: 'm' }, undefined as never)).toEqual({
      model: 'm',
      nvext: { agent_hints: { priority: 3 } },
    })
  })

  it('has no identity before the session has started', () => {
    const wrapped: PiStreamOptions[] = []
    const streamSimple = (_model: unknown, _context: unknown, options: PiStreamOptions) => wrapped.push(options)
    identifyStream({ streamSimple, apiKey: 'k', identify: () => undefined })({}, {}, { headers: { accept: 'a' } })
    expect(wrapped).toEqual([{ headers: { accept: 'a' } }])
  })
})
