// SPDX-License-Identifier: Apache-2.0
import { encodeHarnessRecord, type HarnessEventType, type HarnessRecord } from '@dynamo-agent/core'
import { T0 } from './trace-lines.ts'

/** Times in milliseconds after T0. */
interface HarnessInput {
  readonly at: number
  /** @defaultValue `run` */
  readonly run?: string
  /** @defaultValue the run */
  readonly trajectory?: string
  readonly parent?: string
}

type Detail<Type extends HarnessEventType> = Omit<
  Extract<HarnessRecord, { type: Type }>,
  'type' | 'eventTimeMs' | 'source' | 'identity'
>

/** A record as the adapter for Pi makes it. */
export function harnessRecord<Type extends HarnessEventType>(
  type: Type,
  { at, run = 'run', trajectory = run, parent, ...detail }: HarnessInput & Detail<Type>,
): HarnessRecord {
  const identity = {
    sessionId: run,
    trajectoryId: trajectory,
    sessionTypeId: 'pi_coding_agent',
    ...(parent !== undefined && { parentTrajectoryId: parent }),
  }
  return { type, eventTimeMs: T0 + at, source: 'pi', identity, ...detail } as unknown as HarnessRecord
}

/** The line of such a record. */
export function harnessLine<Type extends HarnessEventType>(type: Type, input: HarnessInput & Detail<Type>): string {
  return JSON.stringify(encodeHarnessRecord(harnessRecord(type, input)))
}

interface TurnInput extends Omit<HarnessInput, 'at'> {
  readonly index: number
  readonly from: number
  readonly to: number
  readonly tokens: number
  readonly costUsd?: number
  readonly outcome?: 'succeeded' | 'error' | 'cancelled'
}

/** The line of a turn; its context has a message for each 100 tokens, and four bytes for each one. */
export function turnLine({ index, from, to, tokens, costUsd, outcome = 'succeeded', ...place }: TurnInput): string {
  return harnessLine('turn_end', {
    at: to,
    ...place,
    turn: {
      turnIndex: index,
      startedAtMs: T0 + from,
      durationMs: to - from,
      provider: 'dynamo',
      model: 'tiny-model',
      outcome,
      context: { messages: tokens / 100, bytes: tokens * 4, tokens },
      ...(costUsd !== undefined && { usage: { inputTokens: tokens, outputTokens: 10, costUsd } }),
    },
  })
}

/**
 * What the harness of a small run told: turns of an agent and its subagent,
 * requests that failed, and all else that a harness can tell.
 */
export const harnessLines = [
  harnessLine('session_start', { at: -50, session: { reason: 'startup' } }),
  turnLine({ trajectory: 'run.child', parent: 'run', index: 0, from: 20, to: 90, tokens: 500, costUsd: 0.002 }),
  turnLine({ index: 0, from: 0, to: 100, tokens: 1000, costUsd: 0.01 }),
  errorLine({ at: 120, status: 429, willRetry: true }),
  errorLine({ at: 125, status: 429, willRetry: true }),
  errorLine({ at: 130, willRetry: false }),
  turnLine({ index: 1, from: 110, to: 140, tokens: 2000, outcome: 'error' }),
  harnessLine('compaction', {
    at: 190,
    compaction: {
      reason: 'overflow',
      startedAtMs: T0 + 140,
      durationMs: 50,
      tokensBefore: 2100,
      tokensAfter: 300,
      messagesBefore: 21,
      messagesAfter: 3,
      outcome: 'succeeded',
    },
  }),
  harnessLine('checkpoint', { at: 195, checkpoint: { bytes: 512, totalBytes: 4096 } }),
  harnessLine('setting_change', { at: 196, change: { setting: 'model', from: 'dynamo/tiny-model', to: 'dynamo/model' } }),
  harnessLine('user_wait', { at: 300, wait: { startedAtMs: T0 + 200, durationMs: 100 } }),
  turnLine({ index: 2, from: 300, to: 400, tokens: 400, costUsd: 0.004 }),
  harnessLine('session_end', { at: 410, session: { reason: 'quit', durationMs: 460, turns: 3, toolCalls: 0 } }),
]

function errorLine({ at, status, willRetry }: { at: number; status?: number; willRetry: boolean }): string {
  return harnessLine('request_error', {
    at,
    error: { provider: 'dynamo', model: 'tiny-model', ...(status !== undefined && { status }), attempt: 1, willRetry },
  })
}
