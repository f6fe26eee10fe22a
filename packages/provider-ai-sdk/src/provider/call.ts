// SPDX-License-Identifier: Apache-2.0
import type {
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3FinishReason,
  LanguageModelV3Usage,
  SharedV3ProviderMetadata,
} from '@ai-sdk/provider'
import type { AgentContext } from '@dynamo-agent/core'
import { callingAgent } from '../context/calling-agent.ts'
import { sessionHints } from '../context/session-hints.ts'
import type { AttemptLog } from '../harness/turn-recorder.ts'
import { observeCall, turnRecorder } from '../registration.ts'
import { createAttempt, currentAttempt } from './attempt.ts'
import { splitCallOptions, type CallOptions } from './call-options.ts'
import type { Connection } from './connection.ts'
import { decideHints } from './decide-hints.ts'
import { addMetadata, describeAnswer } from './provider-metadata.ts'

/** One call of a model's doGenerate or doStream; the SDK makes another one for each retry. */
export interface Call {
  /** Runs what makes the request, with the options that the model shall get, and notes when it fails. */
  run<Result>(request: (options: LanguageModelV3CallOptions) => PromiseLike<Result>): PromiseLike<Result>
  /**
   * Learns from an answer that has come to its end, and tells in it how it was served.
   *
   * @param toolCalls How many tools it asks for.
   */
  finish<Answer extends FinishedAnswer>(answer: Answer, toolCalls: number): Answer
  /** An answer that had begun has failed. */
  broke(error: unknown): void
  /** Nobody reads an answer to its end. */
  abandoned(): void
}

/** What a whole answer and the last part of a stream have in common. */
export interface FinishedAnswer {
  readonly finishReason: LanguageModelV3FinishReason
  readonly usage: LanguageModelV3Usage
  providerMetadata?: SharedV3ProviderMetadata
}

/** What a call is begun with. */
export interface BegunCall {
  readonly connection: Connection
  readonly model: LanguageModelV3
  readonly options: LanguageModelV3CallOptions
}

/**
 * Resolves who makes a call and with which hints, once for headers, body and
 * answer alike, in the asynchronous context of the caller.
 */
export async function beginCall({ connection, model, options }: BegunCall): Promise<Call> {
  const { own, forModel } = splitCallOptions(options)
  if (connection.disabled) return silentCall(forModel, own.nvext)

  const context = callingAgent()
  const trajectory = context && connection.trajectories.of(context.trajectoryId)
  trajectory?.began()
  const attempt = createAttempt({
    context,
    hints: decideHints({
      ...connection,
      context,
      provider: connection.hints,
      sessions: sessionHints(),
      call: own.hints,
    }),
    extraFields: own.extraFields ?? connection.extraFields,
    isFinal: own.sessionFinal === true && connection.tellsSessionFinal,
    nvext: own.nvext,
  })
  const turn = context && beginTurn(context, model, options)
  observeCall({ selector: connection.selector, hasTools: (options.tools?.length ?? 0) > 0 })
  // Which keys of the body a frontend refuses must be known before the body is made.
  await connection.selector.select()
  const failed = (error: unknown, hasBegun: boolean) =>
    turn?.failed({ error, requestId: attempt.requestId, hasBegun })
  return {
    async run(request) {
      try {
        return await currentAttempt.run(attempt, () => request(forModel))
      } catch (error) {
        failed(error, false)
        throw error
      }
    },
    finish(answer, toolCalls) {
      const { finishReason, usage, providerMetadata } = answer
      if (finishReason.unified !== 'error') {
        trajectory?.answered({
          outputTokens: usage.outputTokens.total ?? 0,
          asksForTools: finishReason.unified === 'tool-calls',
        })
      }
      const { requestId } = attempt
      turn?.answered({ requestId, finishReason, usage, toolCalls }, own.sessionFinal === true)
      const served = describeAnswer(requestId, attempt.nvext)
      return { ...answer, providerMetadata: addMetadata(providerMetadata, served) }
    },
    broke(error) {
      failed(error, true)
    },
    abandoned() {
      turn?.abandoned(attempt.requestId)
    },
  }
}

function beginTurn(
  context: AgentContext,
  { provider, modelId }: LanguageModelV3,
  { prompt, abortSignal }: LanguageModelV3CallOptions,
): AttemptLog | undefined {
  return turnRecorder()?.begin(context, { provider, model: modelId, prompt, signal: abortSignal })
}

/** One that tells nothing but what the caller has put into the body. */
function silentCall(options: LanguageModelV3CallOptions, nvext: CallOptions['nvext']): Call {
  const { providerOptions } = options
  const body = { ...providerOptions?.dynamo, ...(nvext !== undefined && { nvext }) }
  return {
    run: (request) => request({ ...options, providerOptions: { ...providerOptions, dynamo: body } }),
    finish: (answer) => answer,
    broke: () => undefined,
    abandoned: () => undefined,
  }
}
