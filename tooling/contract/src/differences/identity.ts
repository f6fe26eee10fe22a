// SPDX-License-Identifier: Apache-2.0
import { since } from '../by-release.ts'
import type { IdentityCase, Section } from './cases.ts'

const session = (
  title: string,
  headers: Readonly<Record<string, string>>,
  expected: IdentityCase['expected'],
): IdentityCase => ({
  title,
  headers: { 'x-dynamo-session-id': 's', ...headers },
  expected,
})
const native = (
  title: string,
  headers: Readonly<Record<string, string>>,
  expected: IdentityCase['expected'],
): IdentityCase => ({ title, headers, expected })
const inBody = (title: string, context: unknown, expected: IdentityCase['expected']): IdentityCase => ({
  title,
  body: { nvext: { agent_context: context } },
  expected,
})
const trigger = (title: string, messages: readonly unknown[], expected: IdentityCase['expected']): IdentityCase => ({
  title,
  headers: { 'x-dynamo-session-id': 's' },
  body: { messages },
  expected,
})

const ofResponse = (title: string, input: unknown, expected: IdentityCase['expected']): IdentityCase => ({
  title,
  path: '/v1/responses',
  headers: { 'x-dynamo-session-id': 's' },
  body: { input },
  expected,
})

const context = { session_type_id: 't', session_id: 's', trajectory_id: 'a' }
const user = { role: 'user', content: 'x' }
const assistant = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'c', type: 'function', function: { name: 'read', arguments: '{}' } }],
}
const call = { type: 'function_call', call_id: 'c', name: 'read', arguments: '{}' }
const output = { type: 'function_call_output', call_id: 'c', output: 'y' }
const answered = { role: 'assistant', content: 'y' }
const utf8 = (text: string) => Buffer.from(text).toString('latin1')

const contextFree = since('no row', { '1.3.1': 'context-free' })

type Context = Readonly<Record<string, unknown>>

/** What 1.3 and later make of headers: since 1.5 with what the last message is, since 1.6 with native headers themselves. */
function named(
  context: Context,
  {
    trigger = 'user_message',
    agentHeaders,
  }: { trigger?: string; agentHeaders?: Readonly<Record<string, readonly string[]>> } = {},
): IdentityCase['expected'] {
  return since('no row', {
    '1.3.1': JSON.stringify(context),
    '1.5.1': JSON.stringify({ ...context, input_trigger: trigger }),
    '1.6.1': JSON.stringify({
      ...context,
      ...(agentHeaders && { agent_headers: agentHeaders }),
      input_trigger: trigger,
    }),
  })
}

/** The same for a session that is over: up to 1.5 with what that means for its cache. */
function ended(context: Context): IdentityCase['expected'] {
  const evicted = { ...context, kv_hints: { evict_session: true } }
  return since('no row', {
    '1.3.1': JSON.stringify(evicted),
    '1.5.1': JSON.stringify({ ...evicted, input_trigger: 'user_message' }),
    '1.6.1': JSON.stringify({ ...context, input_trigger: 'user_message' }),
  })
}

/** A context in the body, which later releases refuse. */
function onlyEarly(context: Context): IdentityCase['expected'] {
  return since(JSON.stringify(context), { '1.3.1': '400' })
}

export const identity: Section<IdentityCase> = {
  title: 'Identity of a request',
  note: '`agent_context` of the row. Without one a row is context-free; “no row” says that nothing is written.',
  cases: [
    native('nothing', {}, contextFree),
    native('parent alone', { 'x-dynamo-parent-session-id': 'p' }, contextFree),
    native('final alone', { 'x-dynamo-session-final': 'true' }, contextFree),
    session('session', {}, named({ session_id: 's' })),
    session(
      'session and parent',
      { 'x-dynamo-parent-session-id': 'p' },
      named({ session_id: 's', parent_session_id: 'p' }),
    ),
    session(
      'parent that is the session',
      { 'x-dynamo-parent-session-id': 's' },
      since('no row', {
        '1.3.1': '{"session_id":"s","parent_session_id":"s"}',
        '1.5.1': '{"session_id":"s","input_trigger":"user_message"}',
      }),
    ),
    session('empty parent', { 'x-dynamo-parent-session-id': '' }, named({ session_id: 's' })),
    session('final true', { 'x-dynamo-session-final': 'true' }, ended({ session_id: 's', session_final: true })),
    session('final TRUE', { 'x-dynamo-session-final': 'TRUE' }, ended({ session_id: 's', session_final: true })),
    session('final 1', { 'x-dynamo-session-final': '1' }, ended({ session_id: 's', session_final: true })),
    session('final yes', { 'x-dynamo-session-final': 'yes' }, ended({ session_id: 's', session_final: true })),
    session(
      'final on',
      { 'x-dynamo-session-final': 'on' },
      since('no row', {
        '1.3.1': '{"session_id":"s"}',
        '1.4.2': '{"session_id":"s","session_final":true,"kv_hints":{"evict_session":true}}',
        '1.5.1':
          '{"session_id":"s","session_final":true,"kv_hints":{"evict_session":true},"input_trigger":"user_message"}',
        '1.6.1': '{"session_id":"s","session_final":true,"input_trigger":"user_message"}',
      }),
    ),
    session('final false', { 'x-dynamo-session-final': 'false' }, named({ session_id: 's', session_final: false })),
    session('final 0', { 'x-dynamo-session-final': '0' }, named({ session_id: 's', session_final: false })),
    session('final no', { 'x-dynamo-session-final': 'no' }, named({ session_id: 's', session_final: false })),
    session(
      'final off',
      { 'x-dynamo-session-final': 'off' },
      since('no row', {
        '1.3.1': '{"session_id":"s"}',
        '1.4.2': '{"session_id":"s","session_final":false}',
        '1.5.1': '{"session_id":"s","session_final":false,"input_trigger":"user_message"}',
      }),
    ),
    session('final maybe', { 'x-dynamo-session-final': 'maybe' }, named({ session_id: 's' })),
    session(
      'session, parent and final',
      { 'x-dynamo-parent-session-id': 'p', 'x-dynamo-session-final': 'true' },
      ended({ session_id: 's', parent_session_id: 'p', session_final: true }),
    ),
    session('blanks around', { 'x-dynamo-session-id': '  pad  ' }, named({ session_id: 'pad' })),
    session('blanks inside', { 'x-dynamo-session-id': 'a b' }, named({ session_id: 'a b' })),
    session('empty', { 'x-dynamo-session-id': '' }, contextFree),
    session('blank', { 'x-dynamo-session-id': '   ' }, contextFree),
    session('UTF-8', { 'x-dynamo-session-id': utf8('sitzung-é') }, contextFree),
    session('latin-1', { 'x-dynamo-session-id': 'sitzung-é' }, contextFree),
    session('a parent in UTF-8', { 'x-dynamo-parent-session-id': utf8('é') }, named({ session_id: 's' })),
    session('300 bytes', { 'x-dynamo-session-id': 's'.repeat(300) }, named({ session_id: 's×300' })),
    session('20,000 bytes', { 'x-dynamo-session-id': 's'.repeat(20_000) }, named({ session_id: 's×20000' })),
    session(
      'a parent of 257 bytes',
      { 'x-dynamo-parent-session-id': 'p'.repeat(257) },
      named({ session_id: 's', parent_session_id: 'p×257' }),
    ),
    native(
      'Claude Code: session',
      { 'x-claude-code-session-id': 'c' },
      named({ session_id: 'c' }, { agentHeaders: { 'x-claude-code-session-id': ['c'] } }),
    ),
    native(
      'Claude Code: session and agent',
      { 'x-claude-code-session-id': 'c', 'x-claude-code-agent-id': 'a' },
      named(
        { session_id: 'a', parent_session_id: 'c' },
        { agentHeaders: { 'x-claude-code-agent-id': ['a'], 'x-claude-code-session-id': ['c'] } },
      ),
    ),
    native(
      'Claude Code: session, agent and parent',
      {
        'x-claude-code-session-id': 'c',
        'x-claude-code-agent-id': 'a',
        'x-claude-code-parent-agent-id': 'p',
      },
      named(
        { session_id: 'a', parent_session_id: 'p' },
        {
          agentHeaders: {
            'x-claude-code-agent-id': ['a'],
            'x-claude-code-parent-agent-id': ['p'],
            'x-claude-code-session-id': ['c'],
          },
        },
      ),
    ),
    native(
      'Claude Code: agent that is the session',
      { 'x-claude-code-session-id': 'c', 'x-claude-code-agent-id': 'c' },
      named(
        { session_id: 'c' },
        { agentHeaders: { 'x-claude-code-agent-id': ['c'], 'x-claude-code-session-id': ['c'] } },
      ),
    ),
    native('Claude Code: agent alone', { 'x-claude-code-agent-id': 'a' }, contextFree),
    native(
      'Claude Code: session, final',
      { 'x-claude-code-session-id': 'c', 'x-dynamo-session-final': 'true' },
      since('no row', {
        '1.3.1': '{"session_id":"c","session_final":true,"kv_hints":{"evict_session":true}}',
        '1.5.1':
          '{"session_id":"c","session_final":true,"kv_hints":{"evict_session":true},"input_trigger":"user_message"}',
        '1.6.1':
          '{"session_id":"c","session_final":true,"agent_headers":{"x-claude-code-session-id":["c"]},"input_trigger":"user_message"}',
      }),
    ),
    native(
      'Codex before: `session-id`',
      { 'session-id': 'c' },
      since('no row', {
        '1.3.1': '{"session_id":"c"}',
        '1.5.1': 'context-free',
      }),
    ),
    native(
      'Codex: `thread-id` and parent',
      { 'thread-id': 'c', 'x-codex-parent-thread-id': 'p' },
      since('no row', {
        '1.3.1': 'context-free',
        '1.5.1': '{"session_id":"c","parent_session_id":"p","input_trigger":"user_message"}',
        '1.6.1':
          '{"session_id":"c","parent_session_id":"p","agent_headers":{"thread-id":["c"],"x-codex-parent-thread-id":["p"]},"input_trigger":"user_message"}',
      }),
    ),
    native(
      'OpenCode: `x-session-id` and parent',
      { 'x-session-id': 'o', 'x-parent-session-id': 'p' },
      named(
        { session_id: 'o', parent_session_id: 'p' },
        { agentHeaders: { 'x-parent-session-id': ['p'], 'x-session-id': ['o'] } },
      ),
    ),
    native(
      'Pi’s own `session_id`',
      { session_id: 'p', 'x-session-affinity': 'p', 'x-client-request-id': 'p' },
      contextFree,
    ),
    session(
      'Dynamo’s and Claude Code’s',
      { 'x-claude-code-session-id': 'c' },
      named({ session_id: 's' }, { agentHeaders: { 'x-claude-code-session-id': ['c'] } }),
    ),
    native(
      'Claude Code’s and OpenCode’s',
      { 'x-claude-code-session-id': 'c', 'x-session-id': 'o' },
      named({ session_id: 'c' }, { agentHeaders: { 'x-claude-code-session-id': ['c'], 'x-session-id': ['o'] } }),
    ),
    inBody('`nvext.agent_context`', context, onlyEarly({ session_type_id: 't', session_id: 's', trajectory_id: 'a' })),
    inBody(
      '`nvext.agent_context` with a parent',
      { ...context, parent_trajectory_id: 'p' },
      onlyEarly({ session_type_id: 't', session_id: 's', trajectory_id: 'a', parent_trajectory_id: 'p' }),
    ),
    inBody(
      '`nvext.agent_context` with a blank parent',
      { ...context, parent_trajectory_id: ' ' },
      onlyEarly({ ...context, parent_trajectory_id: ' ' }),
    ),
    inBody(
      '`nvext.agent_context` with an empty parent',
      { ...context, parent_trajectory_id: '' },
      onlyEarly({ ...context, parent_trajectory_id: '' }),
    ),
    inBody(
      '`nvext.agent_context`, its own parent',
      { ...context, parent_trajectory_id: 'a' },
      onlyEarly({ session_type_id: 't', session_id: 's', trajectory_id: 'a', parent_trajectory_id: 'a' }),
    ),
    inBody(
      '`nvext.agent_context` with blanks around',
      { ...context, session_id: '  pad  ', parent_trajectory_id: ' p ' },
      onlyEarly({ session_type_id: 't', session_id: '  pad  ', trajectory_id: 'a', parent_trajectory_id: ' p ' }),
    ),
    inBody(
      '`nvext.agent_context` in UTF-8',
      { ...context, trajectory_id: 'é' },
      onlyEarly({ session_type_id: 't', session_id: 's', trajectory_id: '\u00e9' }),
    ),
    {
      title: '`nvext.agent_context` and headers',
      headers: { 'x-dynamo-session-id': 's' },
      body: { nvext: { agent_context: context } },
      expected: onlyEarly({ session_type_id: 't', session_id: 's', trajectory_id: 'a' }),
    },
    trigger('last message: user', [user], named({ session_id: 's' })),
    trigger(
      'last message: tool',
      [user, assistant, { role: 'tool', tool_call_id: 'c', content: 'y' }],
      named({ session_id: 's' }, { trigger: 'tool_result' }),
    ),
    trigger(
      'last message: assistant',
      [user, { role: 'assistant', content: 'y' }],
      named({ session_id: 's' }, { trigger: 'other' }),
    ),
    trigger(
      'last message: system',
      [user, { role: 'system', content: 'y' }],
      named({ session_id: 's' }, { trigger: 'other' }),
    ),
    trigger(
      'last message: developer',
      [user, { role: 'developer', content: 'y' }],
      named({ session_id: 's' }, { trigger: 'other' }),
    ),
    {
      title: 'a completion, not of chat',
      path: '/v1/completions',
      headers: { 'x-dynamo-session-id': 's' },
      expected: named({ session_id: 's' }, { trigger: 'other' }),
    },
    {
      title: 'the same with `nvext.agent_context`',
      path: '/v1/completions',
      body: { nvext: { agent_context: context } },
      expected: since('no row', { '1.3.1': '400' }),
    },
    ofResponse('a response', 'x', named({ session_id: 's' })),
    ofResponse('a response to a message', [user], named({ session_id: 's' })),
    ofResponse('a response to a tool', [user, call, output], named({ session_id: 's' }, { trigger: 'tool_result' })),
    ofResponse('a response to a message after a tool', [user, call, output, user], named({ session_id: 's' })),
    ofResponse('a response to a tool call', [user, call], named({ session_id: 's' }, { trigger: 'other' })),
    ofResponse('a response to an answer', [user, answered], named({ session_id: 's' }, { trigger: 'other' })),
    ofResponse(
      'a response to a system message',
      [{ role: 'system', content: 'x' }],
      named({ session_id: 's' }, { trigger: 'other' }),
    ),
    {
      title: 'a response with `nvext.agent_context`',
      path: '/v1/responses',
      body: { nvext: { agent_context: context } },
      expected: onlyEarly({ session_type_id: 't', session_id: 's', trajectory_id: 'a' }),
    },
  ],
}
