// SPDX-License-Identifier: Apache-2.0
import type { LanguageModelV3, LanguageModelV3StreamPart } from '@ai-sdk/provider'
import { beginCall, type Call } from './call.ts'
import type { Connection } from './connection.ts'
import { streamError } from './stream-error.ts'

/**
 * A model whose calls say who makes them, and whose answers say how Dynamo
 * served them.
 *
 * @param model Made with the connection's own fetch.
 * @param connected Asked by the first call, so that a provider can be made before its environment is.
 */
export function identifyModel(model: LanguageModelV3, connected: () => Connection): LanguageModelV3 {
  const { provider, modelId, supportedUrls } = model
  return {
    specificationVersion: 'v3',
    provider,
    modelId,
    supportedUrls,
    async doGenerate(options) {
      const call = await beginCall({ connection: connected(), model, options })
      const answer = await call.run((forModel) => model.doGenerate(forModel))
      return call.finish(answer, answer.content.filter(({ type }) => type === 'tool-call').length)
    },
    async doStream(options) {
      const connection = connected()
      const call = await beginCall({ connection, model, options })
      const { stream, ...result } = await call.run((forModel) => model.doStream(forModel))
      return { ...result, stream: completeParts(stream, call, connection.baseUrl) }
    },
  }
}

type Parts = ReadableStream<LanguageModelV3StreamPart>

/** Each part passes here, so this is what a stream costs least with: a TransformStream would take several times as long. */
function completeParts(stream: Parts, call: Call, baseUrl: string): Parts {
  const parts: ReadableStreamDefaultReader<LanguageModelV3StreamPart> = stream.getReader()
  let toolCalls = 0

  const complete = (part: LanguageModelV3StreamPart): LanguageModelV3StreamPart => {
    switch (part.type) {
      case 'tool-call':
        toolCalls++
        return part
      case 'finish':
        return call.finish(part, toolCalls)
      case 'error': {
        const error = streamError(part.error, baseUrl)
        call.broke(error)
        return { ...part, error }
      }
      default:
        return part
    }
  }
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await parts.read()
          if (done) controller.close()
          else controller.enqueue(complete(value))
        } catch (error) {
          call.broke(error)
          throw error
        }
      },
      cancel(reason) {
        call.abandoned()
        return parts.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}
