// SPDX-License-Identifier: Apache-2.0
// An agent that starts a tool and is interrupted before the tool is done.
// Its argument is the module of the tool-event relay, which belongs to
// agents: the command line itself has no use for it.
import {
  createAgentContext,
  readEnvironment,
  sessionHeadersDialect,
  type AgentContext,
  type ToolEvent,
} from '@dynamo-agent/core'

interface RelayModule {
  readonly createToolEventRelay: (options: {
    readonly endpoint: string
    readonly dialect: typeof sessionHeadersDialect
  }) => {
    send(context: AgentContext, event: ToolEvent): boolean
    flush(): Promise<void>
  }
}

const { createToolEventRelay } = (await import(process.argv[2] ?? '')) as RelayModule
const { baseUrl, toolEvents } = readEnvironment(process.env)

const answer = await fetch(`${baseUrl}/chat/completions`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-dynamo-session-id': 'interrupted' },
  body: JSON.stringify({ model: 'scripted', messages: [{ role: 'user', content: 'sleep' }] }),
})
await answer.text()

const relay = createToolEventRelay({ endpoint: toolEvents.endpoint ?? '', dialect: sessionHeadersDialect })
const timeMs = Date.now()
relay.send(createAgentContext({ sessionId: 'interrupted' }), {
  type: 'tool_start',
  timeMs,
  tool: { toolCallId: 'call-1', toolClass: 'bash', startedAtMs: timeMs, status: 'running' },
})
await relay.flush()
process.stdout.write('the tool runs\n')
setTimeout(() => undefined, 60_000)
