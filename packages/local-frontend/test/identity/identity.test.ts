// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { chat, post, startTraced } from '../support.ts'

type Headers = Record<string, string>

async function contextFor(
  headers: Headers,
  messages: unknown = chat.messages,
): Promise<Record<string, unknown> | undefined> {
  const { frontend, rows } = await startTraced()
  await (await post(frontend, { ...chat, messages }, { headers })).text()
  return (await rows())[0]?.event.agent_context
}

const trigger = { input_trigger: 'user_message' }
const session = 'x-dynamo-session-id'
const parent = 'x-dynamo-parent-session-id'
const final = 'x-dynamo-session-final'

describe('session headers, as 1.6.1 reads them', () => {
  test.each<[string, Headers, Record<string, unknown> | undefined]>([
    ['nothing', {}, undefined],
    ['a parent alone', { [parent]: 'p' }, undefined],
    ['a final mark alone', { [final]: 'true' }, undefined],
    ['a session', { [session]: 's' }, { session_id: 's' }],
    [
      'all three',
      { [session]: 's', [parent]: 'p', [final]: 'true' },
      { session_id: 's', parent_session_id: 'p', session_final: true },
    ],
    ['final: false', { [session]: 's', [final]: 'no' }, { session_id: 's', session_final: false }],
    ['final: on', { [session]: 's', [final]: 'on' }, { session_id: 's', session_final: true }],
    ['final: off', { [session]: 's', [final]: 'off' }, { session_id: 's', session_final: false }],
    ['final: maybe', { [session]: 's', [final]: 'maybe' }, { session_id: 's' }],
    ['a parent that is the session', { [session]: 's', [parent]: 's' }, { session_id: 's' }],
    ['spaces around', { [session]: '  pad  ' }, { session_id: 'pad' }],
    ['blanks', { [session]: '   ' }, undefined],
    ['an id of 300 bytes', { [session]: 'x'.repeat(300) }, { session_id: 'x'.repeat(300) }],
    ['an id of 20,000 bytes', { [session]: 'x'.repeat(20_000) }, { session_id: 'x'.repeat(20_000) }],
    ['latin-1', { [session]: 'caf\u00e9' }, undefined],
  ])('%s', async (_, headers, expected) => {
    expect(await contextFor(headers)).toEqual(expected && { ...expected, ...trigger })
  })

  test('UTF-8 counts as absent', async () => {
    const { frontend, rows } = await startTraced()
    const body = JSON.stringify(chat)
    const { hostname, port } = new URL(frontend.baseUrl)
    const headers = [
      `host: ${hostname}`,
      'content-type: application/json',
      `${session}: größe`,
      `content-length: ${body.length}`,
      'connection: close',
    ]
    const head = ['POST /v1/chat/completions HTTP/1.1', ...headers, '', ''].join('\r\n')
    const socket = connect(Number(port), hostname).end(Buffer.from(head + body))
    await new Promise((resolve) => socket.once('close', resolve).resume())
    const lines = await rows()
    expect(lines).toHaveLength(1)
    expect(lines[0]?.event.agent_context).toBeUndefined()
  })
})

describe('headers of other harnesses', () => {
  test.each<[string, Headers, Record<string, unknown> | undefined]>([
    ['Claude Code', { 'x-claude-code-session-id': 'root' }, { session_id: 'root' }],
    [
      'its agent',
      { 'x-claude-code-session-id': 'root', 'x-claude-code-agent-id': 'agent' },
      { session_id: 'agent', parent_session_id: 'root' },
    ],
    [
      'an agent of its agent',
      { 'x-claude-code-session-id': 'root', 'x-claude-code-agent-id': 'b', 'x-claude-code-parent-agent-id': 'a' },
      { session_id: 'b', parent_session_id: 'a' },
    ],
    ['an agent without its root', { 'x-claude-code-agent-id': 'agent' }, undefined],
    ['Codex', { 'thread-id': 't', 'x-codex-parent-thread-id': 'p' }, { session_id: 't', parent_session_id: 'p' }],
    ['Codex of before 1.5', { 'session-id': 's' }, undefined],
    ['OpenCode', { 'x-session-id': 's', 'x-parent-session-id': 'p' }, { session_id: 's', parent_session_id: 'p' }],
    [
      "Dynamo's own before any other",
      { [session]: 'd', 'x-session-id': 's', 'x-parent-session-id': 'p' },
      { session_id: 'd' },
    ],
    ['with the final mark', { 'thread-id': 't', [final]: '1' }, { session_id: 't', session_final: true }],
  ])('%s', async (_, headers, expected) => {
    const own = Object.entries(headers).filter(([name]) => !name.startsWith('x-dynamo-'))
    const agentHeaders = Object.fromEntries(own.map(([name, value]) => [name, [value]]))
    expect(await contextFor(headers)).toEqual(expected && { ...expected, agent_headers: agentHeaders, ...trigger })
  })

  test('stand in the row in the order of their names, those that are too long left out', async () => {
    const context = await contextFor({
      [session]: 's',
      'x-codex-turn-metadata': '{"turn":1}',
      'x-claude-code-session-id': 'c',
      'x-codex-long': 'x'.repeat(16_385),
    })
    expect(Object.entries(context?.agent_headers ?? {})).toEqual([
      ['x-claude-code-session-id', ['c']],
      ['x-codex-turn-metadata', ['{"turn":1}']],
    ])
  })
})

test.each([
  ['user', 'user_message'],
  ['tool', 'tool_result'],
  ['function', 'tool_result'],
  ['assistant', 'other'],
])('a last message of role %s gives the input trigger %s', async (role, expected) => {
  const messages = [...chat.messages, { role, name: 'x', content: 'x', tool_call_id: 'call-1' }]
  expect(await contextFor({ [session]: 's' }, messages)).toMatchObject({ input_trigger: expected })
})
