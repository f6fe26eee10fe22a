// SPDX-License-Identifier: Apache-2.0
import { stringifyExactJson } from '@dynamo-agent/core'
import type { AllCompleted, AnswerForm, Completed, PromptPlace, StreamEvent } from '../endpoints/answer-form.ts'
import type { Exchange } from '../http/exchange.ts'
import { jsonReply, sendReply } from '../http/reply.ts'
import type { Delta } from './pace-answer.ts'

/** Tells a client what is generated, as soon as its form lets it. Each call waits until the client can take more. */
export interface AnswerWriter {
  begin(): Promise<void>
  delta(delta: Delta, at: PromptPlace): Promise<void>
  /** A prompt has its answer. */
  end(completed: Completed, at: PromptPlace): Promise<void>
  /** Every prompt has. */
  close(completed: AllCompleted): Promise<void>
}

/** An answer that is sent when it is whole. */
export function createDocumentWriter({ response }: Exchange, form: AnswerForm): AnswerWriter {
  const nothing = () => Promise.resolve()
  return {
    begin: nothing,
    delta: nothing,
    end: nothing,
    close(completed) {
      sendReply(response, jsonReply(200, form.document(completed)))
      return Promise.resolve()
    },
  }
}

/** An answer as server-sent events, whose head is sent at once. */
export function createStreamWriter({ response, writer }: Exchange, form: AnswerForm): AnswerWriter {
  const stream = form.stream()
  const send = (events: readonly StreamEvent[]) =>
    events.length === 0 ? Promise.resolve() : writer.write(events.map(eventText).join(''))
  return {
    begin() {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
      response.flushHeaders()
      return send(stream.begin())
    },
    delta: (delta, at) => send(stream.delta(delta, at)),
    end: (completed, at) => send(stream.end(completed, at)),
    async close(completed) {
      await send(stream.close(completed))
      response.end('data: [DONE]\n\n')
    },
  }
}

function eventText({ name, data }: StreamEvent): string {
  const line = `data: ${stringifyExactJson(data)}\n\n`
  return name === undefined ? line : `event: ${name}\n${line}`
}
