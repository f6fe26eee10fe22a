// SPDX-License-Identifier: Apache-2.0
import type { AnswerHead, Completed } from '../endpoints/answer-form.ts'
import type { Endpoint, PromptedRequest } from '../endpoints/endpoint.ts'
import type { Engine } from '../engine/engine.ts'
import { generations } from '../generation.ts'
import { saysJson, wrongTypeReply } from '../http/content-type.ts'
import type { Exchange } from '../http/exchange.ts'
import { readBody } from '../http/read-body.ts'
import { sendReply, tooLargeReply } from '../http/reply.ts'
import { identifyCaller, type Caller } from '../identity/caller.ts'
import { fieldsOf, type JsonBody } from '../request/json-body.ts'
import { readRequest } from '../request/read-request.ts'
import { answerFor } from '../script/answer-for.ts'
import type { Script } from '../script/script.ts'
import type { ServiceContext } from '../service.ts'
import { createDocumentWriter, createStreamWriter, type AnswerWriter } from './answer-writer.ts'
import { generate } from './generate.ts'
import { servedByEngine } from './served-by-engine.ts'

export interface Scene {
  readonly script: Script
  readonly engine: Engine
  readonly context: ServiceContext
}

/** validate → identify → answer → record */
export async function answerRequest(exchange: Exchange, endpoint: Endpoint, scene: Scene): Promise<void> {
  const { generation, now, createRequestId } = scene.context
  const body = await takeBody(exchange, endpoint, scene)
  if (body === undefined) return
  const caller = identifyCaller(exchange.request, { body, endpoint, generation })
  const prompts = endpoint.prompts(body)
  const head: AnswerHead = {
    generation,
    body,
    requestId: createRequestId(),
    prompts: prompts.length,
    receivedMs: exchange.receivedMs,
    now,
    createId: createRequestId,
  }
  const form = endpoint.createForm(head)
  const writer = body.stream === true ? createStreamWriter(exchange, form) : createDocumentWriter(exchange, form)
  const { signal } = exchange

  await writer.begin()
  const completed = await Promise.all(
    prompts.map((prompt, index) => answerPrompt(prompt, index, { ...scene, endpoint, head, caller, writer, signal })),
  )
  const [first, ...others] = completed.filter((one) => one !== undefined)
  if (first !== undefined && others.length === prompts.length - 1) await writer.close([first, ...others])
}

interface Answering extends Scene {
  readonly endpoint: Endpoint
  readonly head: AnswerHead
  readonly caller: Caller | undefined
  readonly writer: AnswerWriter
  readonly signal: AbortSignal
}

/** @returns undefined when the client went away. */
async function answerPrompt(
  { chat, promptText }: PromptedRequest,
  index: number,
  { script, engine, context, endpoint, head, caller, writer, signal }: Answering,
): Promise<Completed | undefined> {
  const answer = endpoint.phrase(answerFor(script, chat))
  const priority = priorityOf(head.body)
  const generated = await generate({
    engine,
    prompt: { text: promptText, receivedMs: head.receivedMs, ...(priority !== undefined && { priority }) },
    answer,
    signal,
    onDelta: (delta, progress) => writer.delta(delta, { index, progress }),
  })
  // Before the last bytes go out: what the client does next must come later in the trace.
  const requestId = head.prompts === 1 ? head.requestId : `${head.requestId}-${index}`
  const endedMs = context.now()
  if (endpoint.isTraced(generations[context.generation])) {
    const candidates = endpoint.candidates(head.body)
    const { blockSize } = engine
    context.record(servedByEngine({ requestId, candidates, head, answer, generated, blockSize, endedMs }), caller)
  }
  const { complete, request, timings } = generated
  if (!complete || request === undefined || timings === undefined) return undefined
  const completed = { ...generated, answer, request, timings }
  await writer.end(completed, { index, progress: completed })
  return completed
}

/** @returns undefined when there is nothing to answer; the client has been told why. */
async function takeBody(
  { request, response }: Exchange,
  { bodyRules }: Endpoint,
  { script, context }: Scene,
): Promise<JsonBody | undefined> {
  const traits = generations[context.generation]
  if (!saysJson(request)) {
    request.resume()
    sendReply(response, wrongTypeReply(traits))
    return undefined
  }
  const bytes = await readBody(request, context.maxBodyBytes)
  if (bytes === 'aborted') return undefined
  if (bytes === 'too-large') {
    sendReply(response, tooLargeReply(context.maxBodyBytes))
    return undefined
  }
  const serves = (model: string) => script.models.some(({ id }) => id === model)
  const read = readRequest(bytes.toString(), bodyRules, { traits, serves })
  if (read.accepted) return read.body
  sendReply(response, read.reply)
  return undefined
}

/** `nvext.agent_hints.priority` */
function priorityOf(body: JsonBody): number | undefined {
  const { priority } = fieldsOf(fieldsOf(body, 'nvext'), 'agent_hints')
  return typeof priority === 'number' ? priority : undefined
}
