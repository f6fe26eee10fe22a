// SPDX-License-Identifier: Apache-2.0

/** What a scripted model answers: conversations told apart by their messages, turn by turn. */
export interface Script {
  readonly models: readonly ScriptModel[]
  /** The first one whose `when` matches plays. */
  readonly conversations: readonly Conversation[]
}

export interface ScriptModel {
  readonly id: string
  /** Tokens; 0 when the model does not say, as Dynamo answers then. */
  readonly contextWindow: number
}

export interface Conversation {
  /** Distinct within the script: messages name it, and the ids of its tool calls carry a hash of it. */
  readonly name: string
  readonly when: ConversationMatch
  /** At least one. */
  readonly turns: readonly Turn[]
}

/** All given conditions must hold; none given matches everything. */
export interface ConversationMatch {
  /** Text that a system (or developer) message holds. */
  readonly system?: string
  /** Text that the first user message holds. */
  readonly user?: string
}

/** One answer of the model. */
export interface Turn {
  readonly text: string
  readonly reasoning: string
  readonly toolCalls: readonly ScriptedToolCall[]
  /**
   * Output tokens to report and to take time for; counted from the content
   * when absent. Tokens beyond the content are like reasoning that the chat
   * template drops: the next prompt does not hold them.
   */
  readonly outputTokens?: number
}

export interface ScriptedToolCall {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
}

/** An answer, ready to be served. */
export interface Answer {
  readonly text: string
  readonly reasoning: string
  /** `arguments` is JSON text; ids depend on the conversation so far alone, so a retry gives the same ones. */
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[]
  readonly outputTokens: number
  readonly finishReason: 'stop' | 'tool_calls' | 'length'
}
