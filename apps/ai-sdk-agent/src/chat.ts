// SPDX-License-Identifier: Apache-2.0
import { dynamo, withAgentSession } from '@dynamo-agent/provider-ai-sdk'
import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  isStepCount,
  streamText,
  tool,
  toUIMessageStream,
  type UIMessage,
} from 'ai'
import { z } from 'zod'

/** What the SDK's `useChat` posts. */
interface ChatRequest {
  readonly id: string
  readonly messages: UIMessage[]
}

const readClock = tool({
  description: 'The time of day',
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => `It is ${new Date(0).toISOString().slice(11, 16)} in ${city}.`,
})

/**
 * One request of a chat. The client sends the id of the chat each time, so all
 * requests of a chat are one session, and Dynamo finds its cache again.
 *
 * A web-standard handler: Next.js takes it as `POST` of a route, Hono, Bun and
 * Deno as it is, and src/server.ts puts it behind `node:http`.
 */
export async function answerChat(request: Request): Promise<Response> {
  const body = (await request.json().catch(() => undefined)) as ChatRequest | undefined
  if (typeof body?.id !== 'string' || !Array.isArray(body.messages)) {
    return Response.json({ message: 'a chat has an id and messages' }, { status: 400 })
  }
  const { id, messages } = body
  const conversation = await convertToModelMessages(messages)
  const { stream } = withAgentSession({ sessionId: id, hints: { priority: 5 } }, () =>
    streamText({
      model: dynamo(process.env.DYNAMO_MODEL ?? 'default'),
      instructions: 'You answer in a chat.',
      messages: conversation,
      tools: { readClock },
      stopWhen: isStepCount(5),
      abortSignal: request.signal,
    }),
  )
  // Read after the session's function has returned: what was begun in it stays in it.
  return createUIMessageStreamResponse({ stream: toUIMessageStream({ stream }) })
}
