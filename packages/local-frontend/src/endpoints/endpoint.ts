// SPDX-License-Identifier: Apache-2.0
import type { ChatRequest } from '../chat/chat-request.ts'
import type { GenerationTraits } from '../generation.ts'
import type { JsonBody } from '../request/json-body.ts'
import type { BodyRules } from '../request/read-request.ts'
import type { Answer } from '../script/script.ts'
import type { AnswerForm, AnswerHead } from './answer-form.ts'
import type { AnswerNotes } from './answer-notes.ts'

/**
 * One of the ways in which a model can be asked: how its requests are read,
 * what is asked in them, and what its answers look like.
 */
export interface Endpoint {
  /** Requests are posted here. */
  readonly path: string
  readonly bodyRules: BodyRules
  /** What set a request off, as rows of Dynamo 1.5 and later say it. */
  readonly inputTrigger: (body: JsonBody) => InputTrigger
  /** Answers asked for to each prompt, also those that are only compared. */
  readonly candidates: (body: JsonBody) => number
  /** Whether a generation of Dynamo puts these requests on record at all. */
  readonly isTraced: (traits: GenerationTraits) => boolean
  /** What is to be answered: one conversation, or each prompt of a batch. The body has passed the rules. */
  readonly prompts: (body: JsonBody) => readonly PromptedRequest[]
  /** What of a scripted answer this endpoint can say. */
  readonly phrase: (answer: Answer) => Answer
  /** The form of the answers to one request. */
  readonly createForm: (head: AnswerHead) => AnswerForm
  /** Understands answers of this form that another server gives. */
  readonly createNotes: (now: () => number) => AnswerNotes
}

export type InputTrigger = 'user_message' | 'tool_result' | 'other'

export interface PromptedRequest {
  readonly chat: ChatRequest
  /** What the model would see. */
  readonly promptText: string
}
