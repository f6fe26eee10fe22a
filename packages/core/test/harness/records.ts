// SPDX-License-Identifier: Apache-2.0
import type { HarnessRecord } from '../../src/index.ts'
import { child } from '../support.ts'

const base = { eventTimeMs: 2000, source: 'pi', identity: child }

/** One record of each type with every field that it can have. */
export const fullRecords: readonly HarnessRecord[] = [
  { type: 'session_start', ...base, session: { reason: 'resume' } },
  {
    type: 'turn_end',
    ...base,
    turn: {
      turnIndex: 3,
      startedAtMs: 1000,
      durationMs: 1000.25,
      provider: 'dynamo',
      model: 'qwen3-coder',
      requestId: 'request-3',
      outcome: 'succeeded',
      toolCalls: 2,
      context: { messages: 8, bytes: 40_000, tokens: 9000 },
      growth: { messages: 3, bytes: -2500, tokens: -600 },
      usage: { inputTokens: 9100, outputTokens: 250, cachedTokens: 8960, costUsd: 0.0125 },
    },
  },
  {
    type: 'request_error',
    ...base,
    error: {
      provider: 'dynamo',
      model: 'qwen3-coder',
      requestId: 'request-3',
      status: 429,
      errorType: 'rate_limit',
      attempt: 1,
      willRetry: true,
      delayMs: 2000,
    },
  },
  {
    type: 'compaction',
    ...base,
    compaction: {
      reason: 'threshold',
      startedAtMs: 1200,
      durationMs: 800,
      tokensBefore: 90_000,
      tokensAfter: 12_000,
      messagesBefore: 80,
      messagesAfter: 9,
      outcome: 'succeeded',
    },
  },
  { type: 'checkpoint', ...base, checkpoint: { bytes: 512, totalBytes: 65_536 } },
  { type: 'setting_change', ...base, change: { setting: 'thinking_level', from: 'low', to: 'high' } },
  { type: 'user_wait', ...base, wait: { startedAtMs: 500, durationMs: 1500 } },
  {
    type: 'session_end',
    ...base,
    session: { reason: 'quit', durationMs: 60_000, turns: 4, toolCalls: 7, requestErrors: 1, compactions: 1 },
  },
]
