// SPDX-License-Identifier: Apache-2.0
import type { Answer } from '../script/script.ts'
import type { Finish, ServedRequest } from '../trace/request-row.ts'
import { eachChoice, type CompletionHead } from './completion-bodies.ts'
import type { Generated } from './generate.ts'

export interface EngineOutcome {
  readonly head: CompletionHead
  readonly answer: Answer
  readonly generated: Generated
  /** Tokens a KV block. */
  readonly blockSize: number
  /** Epoch milliseconds, fractional. */
  readonly endedMs: number
}

/** What the simulated engine knows of a request that has ended: everything. */
export function servedByEngine({ head, answer, generated, blockSize, endedMs }: EngineOutcome): ServedRequest {
  const { request: engine, timings } = generated
  return {
    requestId: head.requestId,
    model: head.request.model,
    choices: head.request.choices,
    receivedMs: head.receivedMs,
    outputTokens: generated.outputTokens * head.request.choices,
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
    ...(generated.complete && { finish: finishOf(answer, head) }),
  }
}

/** The backend itself only stops; that it stopped for tool calls is what the frontend's parser finds. */
function finishOf(answer: Answer, { request }: CompletionHead): Finish {
  const choices = eachChoice(request)
  const backendFinishReason = answer.finishReason === 'tool_calls' ? 'stop' : answer.finishReason
  return {
    finishReason: answer.finishReason,
    backendFinishReason,
    toolCalls: choices.flatMap((choiceIndex) =>
      answer.toolCalls.map(({ id, name }, toolCallIndex) => ({ choiceIndex, toolCallIndex, id, name })),
    ),
    choices: choices.map((choiceIndex) => ({ choiceIndex, finishReason: answer.finishReason })),
  }
}
