// SPDX-License-Identifier: Apache-2.0

/** A chat message as it came in, with content flattened to text: all that a script or an engine looks at. */
export interface ChatMessage {
  readonly role: string
  /** Text parts joined; empty when there are none. */
  readonly text: string
  /** Ids of the tool calls that an assistant message asked for. */
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[]
  /** On a tool message: the call that it answers. */
  readonly toolCallId?: string
}

/** What of a chat completion request decides its answer. */
export interface ChatRequest {
  readonly model: string
  readonly messages: readonly ChatMessage[]
  /** Tool definitions as text: they are part of the prompt, so they take part in prefix caching. */
  readonly toolsText: string
  /** Tokens to generate at most. */
  readonly maxTokens?: number
}
