// SPDX-License-Identifier: Apache-2.0
import type { LanguageModelV3FinishReason, LanguageModelV3Usage } from '@ai-sdk/provider'
import type { HarnessOutcome, RequestError, TokenUsage } from '@dynamo-agent/core'
import { errorName, isAbort } from '../error-kind.ts'
import type { StepWatcher } from './current-step.ts'
import { describeFailure, isRetryable } from './request-failure.ts'

/** A call of a model, as it goes from the SDK to a frontend. */
export interface TurnCall {
  readonly provider: string
  readonly model: string
  readonly prompt: readonly object[]
  readonly signal: AbortSignal | undefined
}

/** How an attempt failed. */
export interface FailedAttempt {
  readonly error: unknown
  /** `x-request-id` as it was sent. */
  readonly requestId: string | undefined
  /** The answer had begun, and the SDK makes no second attempt. */
  readonly hasBegun: boolean
}

/** An answer that has come to its end. */
export interface TurnAnswer {
  readonly requestId: string | undefined
  readonly finishReason: LanguageModelV3FinishReason
  readonly usage: LanguageModelV3Usage
  /** How many tools it asks for. */
  readonly toolCalls: number
}

/** What is known of a turn at its end. */
export interface EndedTurn {
  readonly turnIndex: number
  readonly startedAtMs: number
  readonly durationMs: number
  readonly outcome: HarnessOutcome
  readonly call: TurnCall
  /** Of the last attempt. */
  readonly requestId: string | undefined
  /** undefined where the model came to no end. */
  readonly answer: TurnAnswer | undefined
}

/** Where a turn tells what happens to it. */
export interface TurnListener {
  /** Attempts after the first that the SDK makes at most. */
  readonly maxRetries: number
  /** Whether the SDK tells when the tools have ended that an answer asks for. */
  readonly tellsSteps: boolean
  attemptFailed(error: RequestError): void
  /** Called once. */
  ended(turn: EndedTurn): void
}

export interface TurnOptions {
  readonly call: TurnCall
  readonly turnIndex: number
  readonly listener: TurnListener
}

/** One answer of a model, with the attempts that it took and the tools that it asked for. */
export interface Turn {
  /** Failed, to be tried again. */
  readonly awaitsRetry: boolean
  /** The request whose tools are running. */
  readonly awaitsToolsOf: string | undefined
  attemptBegan(): void
  failed(attempt: FailedAttempt): void
  answered(answer: TurnAnswer): void
  /** The step that it belongs to is over, tools and all. */
  readonly stepEnded: StepWatcher
  /** Nobody reads the answer that was coming. */
  abandoned(requestId: string | undefined): void
  /** It is over, whatever it waits for. */
  cancel(): void
}

type Phase = 'asked' | 'retry' | 'tools' | 'ended'

export function createTurn({ call, turnIndex, listener }: TurnOptions): Turn {
  const { provider, model, signal } = call
  const startedAtMs = Date.now()
  const startMs = performance.now()
  let phase: Phase = 'asked'
  let attempts = 0
  let requestId: string | undefined
  let answer: TurnAnswer | undefined

  function end(outcome: HarnessOutcome): void {
    if (phase === 'ended') return
    phase = 'ended'
    signal?.removeEventListener('abort', stop)
    const durationMs = performance.now() - startMs
    listener.ended({ turnIndex, startedAtMs, durationMs, outcome, call, requestId, answer })
  }

  /** Between requests it is the signal alone that tells of an abort. */
  function waitFor(next: 'retry' | 'tools'): void {
    phase = next
    if (signal?.aborted === true) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  }

  function stop(): void {
    end(hasTimedOut(signal) ? 'error' : 'cancelled')
  }

  return {
    get awaitsRetry() {
      return phase === 'retry'
    },
    get awaitsToolsOf() {
      return phase === 'tools' ? requestId : undefined
    },
    attemptBegan() {
      attempts++
      phase = 'asked'
      signal?.removeEventListener('abort', stop)
    },
    failed({ error, requestId: sent, hasBegun }) {
      if (phase !== 'asked') return
      requestId = sent
      if (isAbort(error) || (signal?.aborted === true && !hasTimedOut(signal))) {
        end('cancelled')
        return
      }
      const willRetry = !hasBegun && isRetryable(error) && attempts <= listener.maxRetries
      listener.attemptFailed({
        provider,
        model,
        ...(requestId !== undefined && { requestId }),
        ...describeFailure(error),
        attempt: attempts,
        willRetry,
      })
      if (willRetry) waitFor('retry')
      else end('error')
    },
    answered(given) {
      if (phase !== 'asked') return
      answer = given
      requestId = given.requestId
      if (given.finishReason.unified === 'error') end('error')
      else if (given.toolCalls > 0 && listener.tellsSteps) waitFor('tools')
      else end('succeeded')
    },
    stepEnded(error) {
      const outcome = isAbort(error) ? 'cancelled' : 'error'
      if (phase === 'tools') end(error === undefined ? 'succeeded' : outcome)
      else if (phase === 'retry') end(outcome)
    },
    abandoned(sent) {
      if (phase !== 'asked') return
      requestId = sent
      end('cancelled')
    },
    cancel() {
      end('cancelled')
    },
  }
}

/** The limits that the SDK sets to a call are aborts too, and what takes too long has failed. */
function hasTimedOut(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && errorName(signal.reason) === 'TimeoutError'
}

/** What the provider charged for; what it did not tell is absent. */
export function describeUsage({ inputTokens, outputTokens }: LanguageModelV3Usage): TokenUsage {
  return {
    ...(inputTokens.total !== undefined && { inputTokens: inputTokens.total }),
    ...(outputTokens.total !== undefined && { outputTokens: outputTokens.total }),
    ...(inputTokens.cacheRead !== undefined && { cachedTokens: inputTokens.cacheRead }),
  }
}
