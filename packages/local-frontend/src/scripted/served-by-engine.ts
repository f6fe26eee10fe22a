// SPDX-License-Identifier: Apache-2.0
import type { AnswerHead } from '../endpoints/answer-form.ts'
import type { Answer } from '../script/script.ts'
import type { Finish, ServedRequest } from '../trace/request-row.ts'
import type { Generated } from './generate.ts'

export interface EngineOutcome {
  readonly requestId: string
  /** Answers asked for, also those that are only compared. */
  readonly candidates: number
  readonly head: AnswerHead
  readonly answer: Answer
  readonly generated: Generated
  /** Tokens a KV block. */
  readonly blockSize: number
  /** Epoch milliseconds, fractional. */
  readonly endedMs: number
}

/** What the simulated engine knows of a request that has ended: everything. */
export function servedByEngine(outcome: EngineOutcome): ServedRequest {
  const { requestId, candidates, head, answer, generated, blockSize, endedMs } = outcome
  const { request: engine, timings } = generated
  return {
    requestId,
    model: String(head.body.model),
    candidates,
    receivedMs: head.receivedMs,
    outputTokens: generated.outputTokens * candidates,
    totalMs: Math.max(0, endedMs - head.receivedMs),
    ...timings,
    ...(engine && {
      inputTokens: engine.inputTokens,
      cachedTokens: engine.cachedTokens,
      kvHitRate: engine.kvHitRate,
      queueDepth: engine.queueDepth,
      workerId: engine.workerId,
      replay: { blockSize, hashes: engine.blockHashes },
    }),
    ...(generated.complete && { finish: finishOf(answer) }),
  }
}

/**
 * The backend itself only stops; that it stopped for tool calls is what the
 * frontend's parser finds. Rows of several choices do not say how they ended.
 */
function finishOf({ finishReason, toolCalls }: Answer): Finish {
  return {
    finishReason,
    backendFinishReason: finishReason === 'tool_calls' ? 'stop' : finishReason,
    toolCalls: toolCalls.map(({ id, name }, toolCallIndex) => ({ choiceIndex: 0, toolCallIndex, id, name })),
    choices: [{ choiceIndex: 0, finishReason }],
  }
}
