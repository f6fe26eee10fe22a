// SPDX-License-Identifier: Apache-2.0
import { isFields, findKindProblem, missingField, noVariant, typeProblem, unknownVariant } from '../../request/serde.ts'

const toolTypes = (modern: boolean) => [
  ...['function', 'file_search', 'computer_use_preview', 'web_search', 'web_search_2025_08_26', 'mcp'],
  ...['code_interpreter', ...(modern ? ['programmatic_tool_calling'] : []), 'image_generation', 'local_shell'],
  ...['shell', 'custom', 'computer', 'namespace', 'tool_search', 'web_search_preview'],
  ...['web_search_preview_2025_03_11', 'apply_patch'],
]

/** What serde misses in one of the `tools` (measured on 1.2.1 and 1.6.1). */
export function findToolProblem(tool: unknown, modern: boolean): string | undefined {
  if (!isFields(tool)) return typeProblem(tool, 'internally tagged enum Tool', []).message
  const { type, name, description, strict } = tool
  if (type === undefined) return missingField('type')
  if (typeof type === 'string' && !toolTypes(modern).includes(type)) return unknownVariant(type, toolTypes(modern))
  if (type === 'custom' && tool.format === undefined) return missingField('format')
  if (type !== 'function') return undefined
  if (name === undefined) return missingField('name')
  const problem =
    findKindProblem(name, 'string', []) ??
    findKindProblem(strict, 'bool', []) ??
    findKindProblem(description, 'string', [])
  return problem?.message
}

/** Built-in tools that can be chosen by their type alone. */
const hostedTypes = new Set<unknown>([
  ...['file_search', 'web_search_preview', 'computer_use_preview', 'web_search_preview_2025_03_11'],
  ...['code_interpreter', 'image_generation', 'apply_patch', 'shell'],
])

export function findToolChoiceProblem(choice: unknown): string | undefined {
  return isToolChoice(choice) ? undefined : noVariant('ToolChoiceParam')
}

function isToolChoice(choice: unknown): boolean {
  if (!isFields(choice)) return choice === 'none' || choice === 'auto' || choice === 'required'
  switch (choice.type) {
    case 'function':
    case 'custom':
      return typeof choice.name === 'string'
    case 'allowed_tools':
      return Array.isArray(choice.tools)
    case 'mcp':
      return typeof choice.server_label === 'string'
    default:
      return hostedTypes.has(choice.type)
  }
}
