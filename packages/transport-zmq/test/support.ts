// SPDX-License-Identifier: Apache-2.0
import { createAgentContext, type ToolEvent } from '@dynamo-agent/core'
import { createServer } from 'node:net'

export const context = createAgentContext({ sessionId: 'session-1' })

export function toolStart(index: number): ToolEvent {
  return {
    type: 'tool_start',
    timeMs: 1_780_000_000_123,
    tool: { toolCallId: `call-${index}`, toolClass: 'bash', startedAtMs: 1_780_000_000_123, status: 'running' },
  }
}

/** The id of the tool call in a received record. */
export function callId(record: unknown): string | undefined {
  return (record as { tool?: { tool_call_id?: string } }).tool?.tool_call_id
}

/** An endpoint on this machine that nobody serves. */
export async function deadEndpoint(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `tcp://127.0.0.1:${address.port}`
}
