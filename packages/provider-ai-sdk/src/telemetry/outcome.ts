// SPDX-License-Identifier: Apache-2.0
import { textBytes, type ToolOutcome } from '@dynamo-agent/core'
import { errorName, isAbort } from '../error-kind.ts'

/**
 * How a tool ended that gave a result. MCP clients hand over a failure of the
 * tool as a result that says `isError`.
 */
export function resultOutcome(output: unknown): ToolOutcome {
  const outputBytes = sizeOf(output)
  return isMcpError(output)
    ? { status: 'error', errorType: 'McpToolError', outputBytes }
    : { status: 'succeeded', outputBytes }
}

/**
 * How a tool ended that threw. Only who stops an agent cancels; a tool that
 * took longer than it may (`TimeoutError`) has failed.
 */
export function errorOutcome(error: unknown): ToolOutcome {
  return isAbort(error) ? { status: 'cancelled' } : { status: 'error', errorType: errorName(error) }
}

function isMcpError(output: unknown): boolean {
  return typeof output === 'object' && output !== null && 'isError' in output && output.isError === true
}

/**
 * UTF-8 bytes of a result's text. A result in another form, which the SDK
 * makes into JSON for the model, has none: making it into JSON here too would
 * cost the host twice.
 */
function sizeOf(output: unknown): number | undefined {
  if (typeof output === 'string') return Buffer.byteLength(output)
  if (typeof output !== 'object' || output === null || !('content' in output)) return undefined
  return Array.isArray(output.content) ? textBytes(output) : undefined
}
