// SPDX-License-Identifier: Apache-2.0
import type { HarnessRecord } from '@dynamo-agent/core'
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createHarnessRecorder, type HarnessRecorderOptions } from '../../src/harness/harness-recorder.ts'
import { rowsOf } from '../helpers/harness-rows.ts'
import type { PiMeasuredMessage } from '../../src/pi/harness-events.ts'

const identity = { sessionId: 'S', trajectoryId: 'T' }
const user: PiMeasuredMessage = { role: 'user', content: 'grün' }
const answer: PiMeasuredMessage = {
  role: 'assistant',
  provider: 'dynamo',
  model: 'm',
  stopReason: 'stop',
  content: [{ type: 'text', text: 'ok' }],
  usage: { input: 20, output: 5, cacheRead: 80, cost: { total: 0.5 } },
}
const refused: PiMeasuredMessage = {
  role: 'assistant',
  provider: 'dynamo',
  model: 'm',
  stopReason: 'error',
  errorMessage: '429: slow down',
  content: [],
}

/** A recorder whose clock stands still unless it is told to go on. */
function record(options: Partial<HarnessRecorderOptions> = {}) {
  const rows: HarnessRecord[] = []
  let clockMs = 1000
  const recorder = createHarnessRecorder({
    identity,
    reason: 'startup',
    write: (row) => rows.push(row),
    readMessages: () => undefined,
    file: undefined,
    hasUser: true,
    now: () => clockMs,
    ...options,
  })
  const turn = (...messages: readonly PiMeasuredMessage[]) => {
    recorder.turnStarted()
    for (const message of messages) recorder.messageEnded(message)
    recorder.turnEnded(false)
  }
  return { recorder, rows, turn, types: () => rows.map(({ type }) => type), wait: (ms: number) => (clockMs += ms) }
}

describe('a turn', () => {
  it('has what the model was given, what it cost and how long it took', () => {
    const { recorder, rows, wait } = record()
    recorder.requested('request-1')
    recorder.turnStarted()
    recorder.messageEnded({ role: 'system', content: 'does not count' })
    recorder.messageEnded(user)
    wait(30)
    recorder.messageEnded(answer)
    wait(12)
    recorder.turnEnded(false)
    expect(rows[1]).toEqual({
      type: 'turn_end',
      eventTimeMs: 1042,
      source: 'pi',
      identity,
      turn: {
        turnIndex: 0,
        startedAtMs: 1000,
        durationMs: 42,
        provider: 'dynamo',
        model: 'm',
        requestId: 'request-1',
        outcome: 'succeeded',
        toolCalls: 0,
        context: { messages: 1, bytes: Buffer.byteLength('"grün"'), tokens: 100 },
        usage: { inputTokens: 100, outputTokens: 5, cachedTokens: 80, costUsd: 0.5 },
      },
    })
  })

  it('grows by the answers and results of the one before, and not by what failed', () => {
    const { rows, turn } = record()
    turn(user, answer, { role: 'toolResult', content: [] })
    turn(refused)
    turn(answer)
    const turns = rowsOf(rows, 'turn_end').map(({ turn }) => turn)
    expect(turns.map(({ turnIndex, outcome, growth }) => [turnIndex, outcome, growth?.messages])).toEqual([
      [0, 'succeeded', undefined],
      [1, 'error', 2],
      [2, 'succeeded', 0],
    ])
  })

  it('is cancelled when the session ends before its tools do', () => {
    const { recorder, rows, types } = record()
    recorder.turnStarted()
    recorder.messageEnded({ ...answer, stopReason: 'toolUse', content: [{ type: 'toolCall' }, { type: 'toolCall' }] })
    recorder.end('quit')
    expect(types()).toEqual(['session_start', 'turn_end', 'session_end'])
    expect(rows[1]).toMatchObject({ turn: { outcome: 'cancelled', toolCalls: 2 } })
    expect(rows[2]).toMatchObject({ session: { reason: 'quit', turns: 1, toolCalls: 2 } })
  })

  it('is cancelled when somebody stops its tools', () => {
    const { recorder, rows } = record()
    recorder.turnStarted()
    recorder.messageEnded({ ...answer, stopReason: 'toolUse' })
    recorder.turnEnded(true)
    expect(rows[1]).toMatchObject({ turn: { outcome: 'cancelled' } })
  })

  it('is none when it ends before the model has said anything', () => {
    const { recorder, types } = record()
    recorder.turnStarted()
    recorder.end('quit')
    expect(types()).toEqual(['session_start', 'session_end'])
  })
})

describe('a failed request', () => {
  it('is told with the delay once the agent goes on by itself, ahead of what came after it', () => {
    const { recorder, rows, turn, types, wait } = record()
    turn(user, refused)
    expect(types()).toEqual(['session_start'])
    wait(2000)
    recorder.runStarted()
    turn(answer)
    expect(types()).toEqual(['session_start', 'request_error', 'turn_end', 'turn_end'])
    expect(rowsOf(rows, 'request_error')[0]).toMatchObject({
      eventTimeMs: 1000,
      error: { provider: 'dynamo', model: 'm', status: 429, attempt: 1, willRetry: true, delayMs: 2000 },
    })
  })

  it('is told when the agent has stopped, whose next one is the next attempt if it is told to go on', () => {
    const { recorder, rows, turn, types } = record()
    turn(refused)
    recorder.stopped()
    expect(types()).toEqual(['session_start', 'request_error', 'turn_end'])
    recorder.runStarted()
    turn(refused)
    recorder.stopped()
    const errors = rowsOf(rows, 'request_error').map(({ error: { attempt, willRetry } }) => [attempt, willRetry])
    expect(errors).toEqual([
      [1, false],
      [2, false],
    ])
  })

  it.each([
    ['the agent settles', 'settled'],
    ['somebody asks for something else', 'prompted'],
  ] as const)('was the last attempt when %s', (_when, next) => {
    const { recorder, rows, turn } = record({ hasUser: false })
    turn(refused)
    recorder.runStarted()
    turn(refused)
    recorder[next]()
    turn(refused)
    recorder.end('quit')
    const errors = rowsOf(rows, 'request_error').map(({ error: { attempt, willRetry } }) => [attempt, willRetry])
    expect(errors).toEqual([
      [1, true],
      [2, false],
      [1, false],
    ])
    expect(rows.at(-1)).toMatchObject({ session: { requestErrors: 3 } })
  })
})

describe('a compaction', () => {
  it('has the context before and after, from which the next turn grows', () => {
    let messages: readonly PiMeasuredMessage[] = [user, answer, user]
    const { recorder, rows, turn, wait } = record({ readMessages: () => messages })
    turn(answer)
    recorder.compactionStarted({ reason: 'threshold', tokensBefore: 900 })
    wait(70)
    messages = [user]
    recorder.compactionEnded('succeeded', 'threshold')
    turn(answer)
    expect(rowsOf(rows, 'compaction')[0]?.compaction).toEqual({
      reason: 'threshold',
      startedAtMs: 1000,
      durationMs: 70,
      tokensBefore: 900,
      messagesBefore: 4,
      messagesAfter: 1,
      outcome: 'succeeded',
    })
    expect(rowsOf(rows, 'turn_end')[1]?.turn.growth).toMatchObject({ messages: -2 })
  })

  it.each(['error', 'cancelled'] as const)('that ends as %s leaves the context as it was', (outcome) => {
    const { recorder, rows } = record()
    recorder.messageEnded(user)
    recorder.compactionStarted({ reason: undefined, tokensBefore: 900 })
    recorder.compactionEnded(outcome, undefined)
    expect(rows[1]).toMatchObject({ compaction: { reason: 'unknown', outcome, messagesBefore: 1 } })
    expect(rows[1]).not.toHaveProperty('compaction.messagesAfter')
  })

  it('goes by what it has counted where the conversation cannot be read', () => {
    const { recorder, rows } = record({
      readMessages: () => {
        throw new Error('a host of its own kind')
      },
    })
    recorder.messageEnded(user)
    recorder.compactionStarted({ reason: 'manual', tokensBefore: 900 })
    recorder.compactionEnded('succeeded', 'manual')
    expect(rows[1]).toMatchObject({ compaction: { messagesBefore: 1, messagesAfter: 1 } })
  })

  it('that never began is none', () => {
    const { recorder, types } = record()
    recorder.compactionEnded('error', 'manual')
    expect(types()).toEqual(['session_start'])
  })
})

describe('a wait for a person', () => {
  const waits = (rows: readonly HarnessRecord[]) =>
    rowsOf(rows, 'user_wait').map(({ wait }) => [wait.startedAtMs, wait.durationMs])

  it('lasts from the end of the work to the next prompt', () => {
    const { recorder, rows, wait } = record()
    recorder.prompted()
    recorder.runEnded()
    wait(5)
    recorder.settled()
    wait(100)
    recorder.prompted()
    expect(waits(rows)).toEqual([[1005, 100]])
  })

  it('is none when the agent goes on by itself, or nobody is there', () => {
    const { recorder, rows } = record()
    recorder.runEnded()
    recorder.runStarted()
    recorder.prompted()
    const alone = record({ hasUser: false })
    alone.recorder.settled()
    alone.recorder.prompted()
    expect([...waits(rows), ...waits(alone.rows)]).toEqual([])
  })

  it('lasts while extensions ask, and not twice where they ask an idle agent', () => {
    const { recorder, rows, wait } = record()
    recorder.userAsked()
    recorder.userAsked()
    wait(7)
    recorder.userAnswered()
    recorder.userAnswered()
    recorder.settled()
    recorder.userAsked()
    wait(1)
    recorder.userAnswered()
    recorder.prompted()
    expect(waits(rows)).toEqual([
      [1000, 7],
      [1007, 1],
    ])
  })
})

it('tells what Pi has saved since it began', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'harness-recorder-'))
  const file = join(folder, 'session.jsonl')
  await writeFile(file, 'before\n')
  const { recorder, rows } = record({ file })
  recorder.saved()
  await appendFile(file, 'four\n')
  recorder.saved()
  recorder.saved()
  await appendFile(file, 'end\n')
  recorder.end('quit')
  expect(rowsOf(rows, 'checkpoint').map(({ checkpoint }) => checkpoint)).toEqual([
    { bytes: 5, totalBytes: 12 },
    { bytes: 4, totalBytes: 16 },
  ])
  await rm(folder, { recursive: true })
})

it('tells which model and thinking level came after which', () => {
  const { recorder, rows } = record()
  recorder.settingChanged('model', { to: 'a/b' })
  recorder.settingChanged('thinking_level', { from: 'off', to: 'high' })
  expect(rowsOf(rows, 'setting_change').map(({ change }) => change)).toEqual([
    { setting: 'model', to: 'a/b' },
    { setting: 'thinking_level', from: 'off', to: 'high' },
  ])
})
