// SPDX-License-Identifier: Apache-2.0
import { fieldsOf } from '../../request/json-body.ts'
import type { Answer } from '../../script/script.ts'
import type { AnswerHead } from '../answer-form.ts'

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete'

/** One piece of a response's output. */
export type OutputItem =
  | { readonly kind: 'reasoning' | 'message'; readonly id: string; readonly text: string }
  | { readonly kind: 'function-call'; readonly id: string; readonly call: ToolCall }

type TextItem = Extract<OutputItem, { text: string }>

type ToolCall = Answer['toolCalls'][number]

/** Later releases show reasoning to those who ask for a summary of it. */
export function showsReasoning({ body }: AnswerHead): boolean {
  return (fieldsOf(body, 'reasoning').summary ?? null) !== null
}

/** A new item, with an id of its kind. */
export function createItems({ createId }: Pick<AnswerHead, 'createId'>) {
  const hex = () => createId().replaceAll('-', '')
  return {
    reasoning: (text: string): OutputItem => ({ kind: 'reasoning', id: `rs_${hex()}`, text }),
    message: (text: string): OutputItem => ({ kind: 'message', id: `msg_${hex()}`, text }),
    functionCall: (call: ToolCall): OutputItem => ({ kind: 'function-call', id: `fc_${hex()}`, call }),
  }
}

/** An item that is whole. */
export function itemBody(item: OutputItem, status: ItemStatus, generation: AnswerHead['generation']): object {
  switch (item.kind) {
    case 'reasoning':
      return generation === '1.2'
        ? { type: 'reasoning', id: item.id, summary: [{ type: 'summary_text', text: item.text }], status }
        : { type: 'reasoning', id: item.id, summary: [], content: [partBody(item)], status }
    case 'message':
      return { type: 'message', content: [partBody(item)], id: item.id, role: 'assistant', status }
    case 'function-call': {
      const { id, name, arguments: text } = item.call
      return { type: 'function_call', arguments: text, call_id: id, name, id: item.id, status }
    }
  }
}

/** An item before its first delta. */
export function emptyItemBody(item: OutputItem): object {
  const status = 'in_progress'
  switch (item.kind) {
    case 'reasoning':
      return { type: 'reasoning', id: item.id, summary: [], content: [], status }
    case 'message':
      return { type: 'message', content: [], id: item.id, role: 'assistant', status }
    case 'function-call':
      return { type: 'function_call', arguments: '', call_id: item.call.id, name: item.call.name, id: item.id, status }
  }
}

/** What of a text item is its only part. */
export function partBody({ kind, text }: TextItem): object {
  return kind === 'reasoning'
    ? { type: 'reasoning_text', text }
    : { type: 'output_text', annotations: [], logprobs: [], text }
}
