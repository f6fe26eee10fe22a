// SPDX-License-Identifier: Apache-2.0
import { renderAnswer } from '../chat/render-prompt.ts'
import type { Engine, EngineRequest, EngineTimings, Prompt } from '../engine/engine.ts'
import type { Answer } from '../script/script.ts'
import { paceAnswer, type Delta } from './pace-answer.ts'

export interface GenerationRun {
  readonly engine: Engine
  readonly prompt: Prompt
  readonly answer: Answer
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
  /** Called for each piece as soon as it is generated; generation goes on when it resolves. */
  readonly onDelta: (delta: Delta, progress: Progress) => Promise<void>
}

/** How far a generation has come. */
export interface Progress {
  readonly request: EngineRequest
  readonly outputTokens: number
  /** Of them. */
  readonly reasoningTokens: number
}

/** What an engine did for one request. */
export interface Generated {
  /** Absent when the client went away before a worker took the request. */
  readonly request?: EngineRequest
  readonly timings?: EngineTimings
  readonly outputTokens: number
  readonly reasoningTokens: number
  /** False when the client went away. */
  readonly complete: boolean
}

/** Lets the engine take its time for an answer. Never rejects on an abort. */
export async function generate({ engine, prompt, answer, signal, onDelta }: GenerationRun): Promise<Generated> {
  let request: EngineRequest | undefined
  let outputTokens = 0
  let reasoningTokens = 0
  try {
    request = await engine.admit(prompt, signal)
    await request.prefill()
    // The first token came with the prefill, so the first piece waits for one less.
    for (const { delta, tokens } of paceAnswer(answer)) {
      await request.decode(outputTokens === 0 ? tokens - 1 : tokens)
      outputTokens += tokens
      if (delta.kind === 'reasoning') reasoningTokens += tokens
      await onDelta(delta, { request, outputTokens, reasoningTokens })
    }
    // Tokens that no piece carries: those of an answer without text, or of a cut tool call.
    await request.decode(answer.outputTokens - Math.max(1, outputTokens))
    signal.throwIfAborted()
  } catch (error) {
    if (!signal.aborted) throw error
    const timings = request?.finish(outputTokens)
    return { ...(request && { request }), ...(timings && { timings }), outputTokens, reasoningTokens, complete: false }
  }
  const timings = request.finish(answer.outputTokens, renderAnswer(answer))
  return { request, timings, outputTokens: answer.outputTokens, reasoningTokens, complete: true }
}
