// SPDX-License-Identifier: Apache-2.0
import { createInterface } from 'node:readline'

/** An MCP server on standard input and output with one tool, which fails when it is asked to. */
interface McpRequest {
  readonly id?: number
  readonly method: string
  readonly params?: { readonly protocolVersion?: string; readonly arguments?: { readonly fail?: boolean } }
}

const inputSchema = { type: 'object', properties: { fail: { type: 'boolean' } } }

function resultOf({ method, params }: McpRequest): object {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: params?.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'test', version: '1.0.0' },
      }
    case 'tools/list':
      return { tools: [{ name: 'remote', description: 'Looks up', inputSchema }] }
    case 'tools/call': {
      const isError = params?.arguments?.fail === true
      return { content: [{ type: 'text', text: isError ? 'It failed.' : 'Found.' }], isError }
    }
    default:
      return {}
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as McpRequest
  if (request.id === undefined) continue
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: request.id, result: resultOf(request) })}\n`)
}
