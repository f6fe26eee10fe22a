// SPDX-License-Identifier: Apache-2.0
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from 'ai'

/** The other end of a chat, as `useChat` is in a browser. */
export interface ChatClient {
  /** @returns What the model says to it. */
  say(text: string): Promise<string>
}

export function createChatClient(api: string, chatId: string): ChatClient {
  const transport = new DefaultChatTransport({ api })
  const messages: UIMessage[] = []
  return {
    async say(text) {
      messages.push({ id: crypto.randomUUID(), role: 'user', parts: [{ type: 'text', text }] })
      const stream = await transport.sendMessages({
        trigger: 'submit-message',
        chatId,
        messageId: undefined,
        messages,
        abortSignal: undefined,
      })
      let answer: UIMessage | undefined
      for await (const message of readUIMessageStream({ stream })) answer = message
      if (answer === undefined) throw new Error('the chat gave no answer')
      messages.push(answer)
      return answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
    },
  }
}
