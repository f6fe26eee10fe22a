// SPDX-License-Identifier: Apache-2.0
import {
  findListProblem,
  isFields,
  missingField,
  noVariant,
  typeProblem,
  unknownVariant,
  type Fields,
} from '../../request/serde.ts'
import { isContent } from './content-parts.ts'

const roles = ['developer', 'system', 'user', 'assistant', 'tool', 'function']

/** What Dynamo would refuse in one of the `messages`, as it words it (measured on 1.2.1 and 1.6.1). */
export function findMessageProblem(message: unknown, modern: boolean): string | undefined {
  // serde takes a list for a struct, and then misses what tells the roles apart.
  if (Array.isArray(message)) return missingField('role')
  if (!isFields(message)) {
    return typeProblem(message, `internally tagged enum ${modern ? 'Wire' : 'ChatCompletionRequestMessage'}`, [])
      .message
  }
  const { role } = message
  if (role === undefined) return missingField('role')
  if (typeof role !== 'string') return undefined
  switch (role) {
    case 'user':
      return message.content === undefined
        ? missingField('content')
        : findContentProblem('User', message.content, modern)
    case 'system':
      return message.content === undefined ? missingSystemContent(modern) : undefined
    case 'developer':
      return message.content === undefined ? missingField('content') : undefined
    case 'tool':
      return firstMissing(message, ['content', 'tool_call_id'])
    case 'assistant':
      return findToolCallsProblem(message.tool_calls)
    case 'function':
      return firstMissing(message, ['name'])
    default:
      return unknownVariant(role, roles)
  }
}

function missingSystemContent(modern: boolean): string {
  const reason = ': a system message needs `content` unless it declares non-empty Kimi-style `tools`'
  return missingField('content') + (modern ? reason : '')
}

function firstMissing(message: Fields, keys: readonly string[]): string | undefined {
  const key = keys.find((name) => message[name] === undefined)
  return key === undefined ? undefined : missingField(key)
}

function findContentProblem(name: string, content: unknown, modern: boolean): string | undefined {
  return isContent(content, modern) ? undefined : noVariant(`ChatCompletionRequest${name}MessageContent`)
}

function findToolCallsProblem(calls: unknown): string | undefined {
  if (calls === undefined || calls === null) return undefined
  return findListProblem(calls, (call) => (isFields(call) ? firstMissing(call, ['id']) : undefined))
}
