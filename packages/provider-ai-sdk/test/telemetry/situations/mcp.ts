// SPDX-License-Identifier: Apache-2.0
import { createMCPClient } from '@ai-sdk/mcp'
import { StdioMCPTransport } from '@ai-sdk/mcp/mcp-stdio'
import type { ToolSet } from 'ai'
import { fileURLToPath } from 'node:url'
import { done, twoRequests, type Situation } from './situation.ts'

async function withMcpTools(use: (tools: ToolSet) => Promise<unknown>): Promise<void> {
  const args = [fileURLToPath(new URL('../../helpers/mcp-server.ts', import.meta.url))]
  const client = await createMCPClient({ transport: new StdioMCPTransport({ command: process.execPath, args }) })
  try {
    await use(await client.tools())
  } finally {
    await client.close()
  }
}

/** Tools of an MCP server in a process of its own. */
export const mcp: readonly Situation[] = [
  {
    name: 'a tool of an MCP server',
    turns: [{ toolCalls: [{ name: 'remote', arguments: {} }] }, done],
    play: ({ generate }) => withMcpTools((tools) => generate(tools)),
    told: ['remote running, succeeded', ...twoRequests],
  },
  {
    name: 'a tool of an MCP server that says isError',
    turns: [{ toolCalls: [{ name: 'remote', arguments: { fail: true } }] }, done],
    play: ({ generate }) => withMcpTools((tools) => generate(tools)),
    told: ['remote running, error McpToolError', ...twoRequests],
  },
]
