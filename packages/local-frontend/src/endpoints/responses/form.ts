// SPDX-License-Identifier: Apache-2.0
import type { Answer } from '../../script/script.ts'
import type { AnswerForm, AnswerHead } from '../answer-form.ts'
import { finalNvext } from '../answer-nvext.ts'
import { createItems, itemBody, showsReasoning, type OutputItem } from './output-items.ts'
import { endStatus, responseObject } from './response-object.ts'
import { createResponseStream } from './response-stream.ts'

/**
 * Responses, key for key as 1.2.1 and 1.6.1 answer. Their ids are not those of
 * the rows. 1.2 calls an answer complete that its limit cut off; 1.6 shows
 * reasoning only when a summary of it is asked for, and calls the last item of
 * an answer that was cut off incomplete.
 */
export function createResponseForm(head: AnswerHead): AnswerForm {
  const id = `resp_${head.createId().replaceAll('-', '')}`
  const { generation } = head
  return {
    document([completed]) {
      const items = outputOf(head, completed.answer)
      const status = endStatus(head, completed.answer)
      const output = items.map((item, index) =>
        itemBody(item, index === items.length - 1 ? status : 'completed', generation),
      )
      const nvext = finalNvext(head, completed)
      return {
        ...responseObject({ id, head, nulls: 'last' }, { status, output, completed }),
        ...(nvext && { nvext }),
      }
    },
    stream: () => createResponseStream(id, head),
  }
}

/** In the order of Dynamo's documents, which is not that of its streams: 1.2 has reasoning behind the calls. */
function outputOf(head: AnswerHead, { text, reasoning, toolCalls }: Answer): readonly OutputItem[] {
  const create = createItems(head)
  const calls = toolCalls.map(create.functionCall)
  const isShown = reasoning !== '' && (head.generation === '1.2' || showsReasoning(head))
  const thoughts = isShown ? [create.reasoning(reasoning)] : []
  const before = head.generation === '1.2' ? [...calls, ...thoughts] : [...thoughts, ...calls]
  return text === '' && before.length > 0 ? before : [...before, create.message(text)]
}
