// SPDX-License-Identifier: Apache-2.0
import {
  contextFromEnvironment,
  createAgentContext,
  dialects,
  readEnvironment,
  type AgentContext,
  type ToolEvent,
} from '@dynamo-agent/core'
import { createToolEventRelay } from '@dynamo-agent/transport-zmq'
import type { Shell } from './shell.ts'

export interface AgentOfShellOptions {
  /** What the frontend speaks, as an agent would find out. @defaultValue session-headers */
  readonly dialect?: 'session-headers' | 'agent-context-body'
  /** Its requests name nobody. */
  readonly anonymous?: boolean
  /** Its tools go by an id of their own. */
  readonly toolContext?: AgentContext
  /** How far its clock is ahead. */
  readonly clockAheadMs?: number
}

/** A small agent that is run from a shell: it asks, runs the tool that the model asks for, and asks again. */
export async function runAgent(shell: Shell, options: AgentOfShellOptions = {}): Promise<void> {
  const settings = readEnvironment(shell)
  const { dialect: found = 'session-headers', clockAheadMs = 0 } = options
  const dialect = dialects[settings.dialect === 'auto' ? found : settings.dialect]
  const context = contextFromEnvironment(shell) ?? createAgentContext({ sessionId: 'agent-of-shell' })
  const { endpoint, topic } = settings.toolEvents
  await using relay =
    endpoint === undefined ? undefined : createToolEventRelay({ endpoint, topic, dialect, lingerMs: 2000 })

  const ask = async (messages: readonly object[]) => {
    const { headers, nvext } = options.anonymous ? { headers: {} } : dialect.identify(context, {}, crypto.randomUUID())
    const response = await fetch(`${settings.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({
        model: 'scripted',
        messages,
        tools: [{ type: 'function', function: { name: 'add' } }],
        nvext,
      }),
    })
    const answer = (await response.json()) as { choices: { message: { tool_calls?: { id: string }[] } }[] }
    return answer.choices[0]?.message
  }
  const tell = (type: ToolEvent['type'], toolCallId: string) => {
    const timeMs = Date.now() + clockAheadMs
    const tool = {
      toolCallId,
      toolClass: 'add',
      ...(type === 'tool_start' ? { startedAtMs: timeMs } : { endedAtMs: timeMs }),
    }
    relay?.send(options.toolContext ?? context, { type, timeMs, tool })
  }
  const question = { role: 'user', content: 'What is 2 + 3?' }
  const message = await ask([question])
  const id = message?.tool_calls?.[0]?.id ?? ''
  tell('tool_start', id)
  tell('tool_end', id)
  await ask([
    question,
    { role: 'assistant', content: null, ...message },
    { role: 'tool', tool_call_id: id, content: '5' },
  ])
  await relay?.flush()
}
