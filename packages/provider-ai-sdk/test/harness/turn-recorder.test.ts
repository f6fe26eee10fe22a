// SPDX-License-Identifier: Apache-2.0
import { APICallError } from '@ai-sdk/provider'
import type { AgentContext, HarnessRecord } from '@dynamo-agent/core'
import { describe, expect, it } from 'vitest'
import { createTurnRecorder } from '../../src/harness/turn-recorder.ts'
import type { TurnAnswer } from '../../src/harness/turn.ts'
import { tell } from '../helpers/harness-rows.ts'

const contextOf = (id: string): AgentContext => ({ sessionId: id, trajectoryId: id, sessionTypeId: 'test' })
const chat = contextOf('chat')
const callOf = (signal?: AbortSignal) => ({ provider: 'p', model: 'm', prompt: [{ content: 'Hi' }], signal })
const unavailable = new APICallError({ message: '', url: '', requestBodyValues: {}, statusCode: 503 })

function answer(requestId: string, toolCalls = 0): TurnAnswer {
  const tokens = { total: 1, noCache: undefined, cacheRead: undefined, cacheWrite: undefined }
  return {
    requestId,
    finishReason: { unified: toolCalls > 0 ? 'tool-calls' : 'stop', raw: undefined },
    usage: { inputTokens: tokens, outputTokens: { total: 1, text: undefined, reasoning: undefined } },
    toolCalls,
  }
}

function recorder(capacity?: number) {
  const rows: HarnessRecord[] = []
  const turns = createTurnRecorder({ record: (row) => rows.push(row), ...(capacity !== undefined && { capacity }) })
  return { rows, turns }
}

describe('a turn whose tools run', () => {
  const withTools = (signal?: AbortSignal) => {
    const { rows, turns } = recorder()
    turns.stepBegan(chat)
    turns.begin(chat, callOf(signal)).answered(answer('r-1', 1), false)
    expect(tell(rows)).toEqual(['session_start first-call'])
    return { rows, turns }
  }

  it('ends with its step', () => {
    const { rows, turns } = withTools()
    turns.stepEnded(chat, 'another')
    turns.stepEnded(chat, 'r-1')
    turns.stepEnded(chat, 'r-1')
    expect(tell(rows).slice(1)).toEqual(['turn 0 succeeded'])
  })

  it.each([
    ['cancelled by an abort', undefined, 'cancelled'],
    ['cancelled by an abort with a reason of its own', 'enough', 'cancelled'],
    ['an error when it took too long', new DOMException('', 'TimeoutError'), 'error'],
  ])('is %s', (_how, reason, outcome) => {
    const controller = new AbortController()
    const { rows, turns } = withTools(controller.signal)
    controller.abort(reason)
    turns.stepEnded(chat, 'r-1')
    expect(tell(rows).slice(1)).toEqual([`turn 0 ${outcome}`])
  })

  it('is cancelled where nobody tells of its end', () => {
    const { rows, turns } = withTools()
    turns.close('exit')
    expect(tell(rows).slice(1)).toEqual(['turn 0 cancelled', 'session_end exit'])
  })
})

it('an abort between two attempts cancels the turn', () => {
  const { rows, turns } = recorder()
  const controller = new AbortController()
  turns.begin(chat, callOf(controller.signal)).failed({ error: unavailable, requestId: 'r-1', hasBegun: false })
  controller.abort()
  expect(tell(rows).slice(1)).toEqual(['request_error 503, attempt 1, will retry', 'turn 0 cancelled'])
})

it('an answer that nobody reads to its end is cancelled', () => {
  const { rows, turns } = recorder()
  const attempt = turns.begin(chat, callOf())
  attempt.abandoned('r-1')
  attempt.answered(answer('r-1'), false)
  expect(tell(rows).slice(1)).toEqual(['turn 0 cancelled'])
})

it('a trajectory that a thousand others have outlived is ended, and begins anew', () => {
  const { rows, turns } = recorder(2)
  for (const id of ['chat', 'b', 'chat', 'c', 'b']) turns.begin(contextOf(id), callOf()).answered(answer('r'), false)
  turns.close('close')
  const once = ['session_start first-call', 'turn 0 succeeded']
  expect(tell(rows, 'b')).toEqual([...once, 'session_end idle', ...once, 'session_end close'])
  expect(tell(rows)).toEqual([...once, 'turn 1 succeeded', 'session_end idle'])
  expect(tell(rows, 'c')).toEqual([...once, 'session_end close'])
})

it('nothing is recorded after the end', () => {
  const { rows, turns } = recorder()
  const late = turns.begin(chat, callOf())
  turns.close('close')
  const { length } = rows
  late.answered(answer('r-1'), false)
  turns.begin(chat, callOf()).answered(answer('r-2'), true)
  turns.operationBegan(contextOf('late'), 1)
  turns.stepBegan(contextOf('late'))
  turns.close('exit')
  expect(rows).toHaveLength(length)
})

it('a session whose calls all go elsewhere is not told of', () => {
  const { rows, turns } = recorder()
  turns.operationBegan(chat, 3)
  turns.stepBegan(chat)
  turns.close('close')
  expect(rows).toEqual([])
})
