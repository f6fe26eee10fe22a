// SPDX-License-Identifier: Apache-2.0
import { isFields, noVariant, type Fields } from '../../request/serde.ts'

const roles = ['user', 'system', 'developer', 'assistant']
const statuses = ['in_progress', 'completed', 'incomplete']

/** Items of built-in tools, which no model here asks for, and the texts that they must have; no more is looked at. */
const others = new Map<unknown, readonly string[]>([
  ...['file_search_call', 'computer_call', 'web_search_call', 'tool_search_call', 'image_generation_call'].map(withId),
  ...['code_interpreter_call', 'local_shell_call', 'mcp_list_tools', 'mcp_call', 'mcp_approval_request'].map(withId),
  ['custom_tool_call', ['id', 'call_id', 'name', 'input']],
  ['custom_tool_call_output', ['call_id']],
  ...['computer_call_output', 'tool_search_output', 'compaction', 'local_shell_call_output', 'shell_call'].map(alone),
  ...['shell_call_output', 'apply_patch_call', 'apply_patch_call_output', 'mcp_approval_response'].map(alone),
])

function withId(type: string): [string, readonly string[]] {
  return [type, ['id']]
}

function alone(type: string): [string, readonly string[]] {
  return [type, []]
}

/** What Dynamo would refuse in `input` (measured on 1.2.1 and 1.6.1): of an item it never says what. */
export function findInputProblem(input: unknown, modern: boolean): string | undefined {
  if (typeof input === 'string') return undefined
  if (!Array.isArray(input)) {
    return modern ? 'input must be a string or an array of input items' : noVariant('InputParam')
  }
  const items = input as readonly unknown[]
  const isRight = items.every((item) => isFields(item) && isItem(item, modern))
  return isRight ? undefined : noVariant(modern ? 'InputItemWire' : 'InputParam')
}

function isItem(item: Fields, modern: boolean): boolean {
  switch (item.type) {
    case undefined:
      return isInputMessage(item, modern) || typeof item.id === 'string'
    case 'message':
      return isInputMessage(item, modern) || isOutputMessage(item)
    case 'item_reference':
      return typeof item.id === 'string'
    case 'function_call':
      return hasTexts(item, ['call_id', 'name', 'arguments']) && isStatus(item.status)
    case 'function_call_output':
      return hasTexts(item, ['call_id']) && isContent(item.output, modern)
    case 'reasoning':
      return isReasoning(item, modern)
    default: {
      const texts = others.get(item.type)
      return texts !== undefined && hasTexts(item, texts)
    }
  }
}

/** A message as it is asked, without which an item without type but with an id is only a reference. */
export function isInputMessage({ role, content }: Fields, modern: boolean): boolean {
  return typeof role === 'string' && roles.includes(role) && isContent(content, modern)
}

/** A message as an answer had it. */
function isOutputMessage({ role, content, status }: Fields): boolean {
  const isPart = (part: unknown) => isFields(part) && (part.type === 'output_text' || part.type === 'refusal')
  return role === 'assistant' && Array.isArray(content) && content.every(isPart) && isStatus(status)
}

function isReasoning({ id, summary }: Fields, modern: boolean): boolean {
  if (modern && id === undefined) return summary === undefined || Array.isArray(summary)
  return typeof id === 'string' && (Array.isArray(summary) || (modern && summary === undefined))
}

function isContent(content: unknown, modern: boolean): boolean {
  if (!Array.isArray(content)) return typeof content === 'string'
  return content.every((part) => isFields(part) && isInputPart(part, modern))
}

function isInputPart(part: Fields, modern: boolean): boolean {
  switch (part.type) {
    case 'input_text':
      return typeof part.text === 'string'
    case 'input_image':
      return modern || typeof part.detail === 'string'
    default:
      return part.type === 'input_file'
  }
}

function hasTexts(item: Fields, keys: readonly string[]): boolean {
  return keys.every((key) => typeof item[key] === 'string')
}

function isStatus(status: unknown): boolean {
  return status === undefined || status === null || (typeof status === 'string' && statuses.includes(status))
}
