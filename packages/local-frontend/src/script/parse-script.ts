// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import {
  readFields,
  readFilledItems,
  readItems,
  readName,
  readObject,
  readString,
  readWholeNumber,
} from './json-fields.ts'
import { JsonFault, parseJsonNodes, type JsonNode } from './json-nodes.ts'
import type { Conversation, ConversationMatch, Script, ScriptedToolCall, ScriptModel, Turn } from './script.ts'

/** The format that this release reads. */
const FORMAT_VERSION = 1

const defaultModels: readonly ScriptModel[] = [{ id: 'scripted', contextWindow: 0 }]

/**
 * Reads a script file: `{ version: 1, models?, conversations }`, or for one
 * conversation that answers everything just `{ turns }`. A turn that is only
 * text may be given as a string.
 *
 * @param name The file's name, for messages.
 * @throws DynamoAgentError `DYN_INVALID_SCRIPT`; the message is
 * `name:line: path: problem`.
 */
export function parseScript(text: string, name: string): Script {
  try {
    return readScript(parseJsonNodes(text))
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    const place = error.path === '' ? '' : `${error.path}: `
    throw new DynamoAgentError({
      code: 'DYN_INVALID_SCRIPT',
      message: `${name}:${error.line}: ${place}${error.message}`,
      advice: 'Mend the script at that line; its format stands in the README of @dynamo-agent/local-frontend.',
      cause: error,
    })
  }
}

function readScript(root: JsonNode): Script {
  const short = root.members?.has('turns') === true
  const fields = readFields(root, ['version', 'models', short ? 'turns' : 'conversations'])
  const version = fields.get('version')
  if (version !== undefined && version.value !== FORMAT_VERSION) {
    throw new JsonFault(version, `must be ${FORMAT_VERSION}, the only version there is`)
  }
  const models = fields.get('models')
  return {
    models: models === undefined ? defaultModels : readDistinct(readFilledItems(models).map(readModel)),
    conversations: short
      ? [{ name: 'script', when: {}, turns: readTurns(fields.need('turns')) }]
      : readDistinct(readFilledItems(fields.need('conversations')).map(readConversation)),
  }
}

/** What must differ from all its neighbours in a name, with the node that gives the name. */
interface Named<Item> {
  readonly item: Item
  readonly name: string
  readonly node: JsonNode
}

function readDistinct<Item>(list: readonly Named<Item>[]): readonly Item[] {
  const names = new Set<string>()
  for (const { name, node } of list) {
    if (names.has(name)) throw new JsonFault(node, `${JSON.stringify(name)} is taken already`)
    names.add(name)
  }
  return list.map(({ item }) => item)
}

function readModel(node: JsonNode): Named<ScriptModel> {
  const fields = readFields(node, ['id', 'contextWindow'])
  const id = readName(fields.need('id'))
  const window = fields.get('contextWindow')
  const item = { id, contextWindow: window === undefined ? 0 : readWholeNumber(window, 0) }
  return { item, name: id, node: fields.need('id') }
}

function readConversation(node: JsonNode): Named<Conversation> {
  const fields = readFields(node, ['name', 'when', 'turns'])
  const name = readName(fields.need('name'))
  const when = fields.get('when')
  const item = { name, when: when === undefined ? {} : readMatch(when), turns: readTurns(fields.need('turns')) }
  return { item, name, node: fields.need('name') }
}

function readMatch(node: JsonNode): ConversationMatch {
  const fields = readFields(node, ['system', 'user'])
  const system = fields.get('system')
  const user = fields.get('user')
  return {
    ...(system === undefined ? {} : { system: readName(system) }),
    ...(user === undefined ? {} : { user: readName(user) }),
  }
}

function readTurns(node: JsonNode): readonly Turn[] {
  return readFilledItems(node).map(readTurn)
}

function readTurn(node: JsonNode): Turn {
  if (typeof node.value === 'string') return { text: node.value, reasoning: '', toolCalls: [] }
  const fields = readFields(node, ['text', 'reasoning', 'toolCalls', 'outputTokens'])
  const text = fields.get('text')
  const reasoning = fields.get('reasoning')
  const toolCalls = fields.get('toolCalls')
  const outputTokens = fields.get('outputTokens')
  if (text === undefined && toolCalls === undefined) throw new JsonFault(node, 'must have text or toolCalls')
  return {
    text: text === undefined ? '' : readString(text),
    reasoning: reasoning === undefined ? '' : readString(reasoning),
    toolCalls: toolCalls === undefined ? [] : readItems(toolCalls).map(readToolCall),
    ...(outputTokens === undefined ? {} : { outputTokens: readWholeNumber(outputTokens, 1) }),
  }
}

function readToolCall(node: JsonNode): ScriptedToolCall {
  const fields = readFields(node, ['name', 'arguments'])
  const given = fields.get('arguments')
  return { name: readName(fields.need('name')), arguments: given === undefined ? {} : readObject(given) }
}
