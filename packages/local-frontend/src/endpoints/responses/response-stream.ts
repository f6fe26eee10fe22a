// SPDX-License-Identifier: Apache-2.0
import type { AnswerHead, StreamEvent, StreamForm } from '../answer-form.ts'
import {
  createItems,
  emptyItemBody,
  itemBody,
  partBody,
  showsReasoning,
  type ItemStatus,
  type OutputItem,
} from './output-items.ts'
import { endStatus, responseObject, type ResponseState } from './response-object.ts'

/** An item that is being written. */
interface WrittenItem {
  readonly index: number
  item: OutputItem
  /** When it is whole. */
  body?: object
}

/**
 * The events of a response. Items open with their first delta; reasoning ends
 * when something else begins, and the rest when the answer does: tool calls
 * before the message if they are why it ends, else in their order. 1.2 ends a
 * tool call at once and never streams reasoning.
 */
export function createResponseStream(id: string, head: AnswerHead): StreamForm {
  const { generation } = head
  const create = createItems(head)
  const written: WrittenItem[] = []
  let events: StreamEvent[] = []
  let sequence = 0

  function emit(type: string, fields: object, first: object = {}): void {
    const name = `response.${type}`
    events.push({ name, data: { type: name, ...first, sequence_number: sequence++, ...fields } })
  }

  function emitWhole(type: string, state: ResponseState): void {
    const nulls = generation === '1.2' ? 'last' : 'in-place'
    emit(type, { response: responseObject({ id, head, nulls }, state) })
  }

  function take(): readonly StreamEvent[] {
    const taken = events
    events = []
    return taken
  }

  function open(item: OutputItem): WrittenItem {
    const opened: WrittenItem = { index: written.length, item }
    written.push(opened)
    emit('output_item.added', { output_index: opened.index, item: emptyItemBody(item) })
    if (item.kind !== 'function-call') emit('content_part.added', { ...partPlace(opened), part: partBody(item) })
    return opened
  }

  /** Goes on with the text item that is open, or opens one. */
  function write(kind: 'reasoning' | 'message', text: string): WrittenItem {
    const going = written.find(({ item, body }) => item.kind === kind && body === undefined) ?? open(create[kind](''))
    if (going.item.kind === kind) going.item = { ...going.item, text: going.item.text + text }
    return going
  }

  function finish(one: WrittenItem, status: ItemStatus): void {
    const { item, index } = one
    if (one.body !== undefined) return
    one.body = itemBody(item, status, generation)
    if (item.kind === 'function-call') {
      const { name, arguments: text } = item.call
      emit('function_call_arguments.done', { item_id: item.id, output_index: index, arguments: text }, { name })
    } else {
      const isMessage = item.kind === 'message'
      emit(isMessage ? 'output_text.done' : 'reasoning_text.done', {
        ...partPlace(one),
        text: item.text,
        ...(isMessage && { logprobs: [] }),
      })
      emit('content_part.done', { ...partPlace(one), part: partBody(item) })
    }
    emit('output_item.done', { output_index: index, item: one.body })
  }

  function finishReasoning(): void {
    for (const one of written) if (one.item.kind === 'reasoning') finish(one, 'completed')
  }

  return {
    begin() {
      emitWhole('created', { status: 'in_progress', output: [] })
      emitWhole('in_progress', { status: 'in_progress', output: [] })
      return take()
    },
    delta(delta) {
      if (delta.kind === 'reasoning') {
        if (generation === '1.2' || !showsReasoning(head)) return []
        const one = write('reasoning', delta.text)
        emit('reasoning_text.delta', { ...partPlace(one), delta: delta.text })
        return take()
      }
      finishReasoning()
      if (delta.kind === 'text') {
        const one = write('message', delta.text)
        emit('output_text.delta', { ...partPlace(one), delta: delta.text, logprobs: [] })
        return take()
      }
      const one = open(create.functionCall(delta.call))
      emit('function_call_arguments.delta', {
        item_id: one.item.id,
        output_index: one.index,
        delta: delta.call.arguments,
      })
      if (generation === '1.2') finish(one, 'completed')
      return take()
    },
    end({ answer }) {
      const last = written.at(-1)
      const calls = written.filter(({ item }) => item.kind === 'function-call')
      const first = answer.finishReason === 'tool_calls' ? calls : []
      for (const one of [...first, ...written]) finish(one, one === last ? endStatus(head, answer) : 'completed')
      return take()
    },
    close([completed]) {
      const status = endStatus(head, completed.answer)
      emitWhole(status, { status, output: written.flatMap(({ body = [] }) => body), completed })
      return take()
    },
  }
}

/** Where the only part of a text item is. */
function partPlace({ item, index }: WrittenItem): object {
  return { item_id: item.id, output_index: index, content_index: 0 }
}
