// SPDX-License-Identifier: Apache-2.0
import { bindAgentContextToIterable, withAgentContext } from '@dynamo-agent/core'
import { claimScope, createToolContext } from './tool-scope.ts'

interface ToolCallOptions {
  readonly toolCallId: string
}

type Execute = (input: unknown, options: ToolCallOptions) => unknown

/** The bodies that this function has put in place of others. */
const wrapped = new WeakSet()

/**
 * For ai@6: runs the body of each tool in a context of its own, so that an
 * agent inside a tool is a child of the one that called it. ai@7 does that by
 * itself once registerDynamo has been called, and nothing is done twice there.
 *
 * @returns The same tools; those without a body, which the client or the
 * provider executes, as they are.
 */
export function wrapTools<Tools extends object>(tools: Tools): Tools {
  const entries = Object.entries(tools).map(([name, tool]: [string, unknown]) => [name, wrapTool(name, tool)] as const)
  return Object.fromEntries(entries) as Tools
}

function wrapTool(name: string, tool: unknown): unknown {
  if (typeof tool !== 'object' || tool === null) return tool
  const { execute } = tool as { readonly execute?: unknown }
  if (typeof execute !== 'function' || wrapped.has(execute)) return tool
  // A tool may be an instance of a class with private fields: its body gets that very object as `this`.
  const value = runInScope(name, execute.bind(tool) as Execute)
  wrapped.add(value)
  return Object.create(Object.getPrototypeOf(tool) as object | null, {
    ...Object.getOwnPropertyDescriptors(tool),
    execute: { value, writable: true, enumerable: true, configurable: true },
  })
}

/**
 * The body may return a value, a promise, or an async iterable of preliminary
 * results, whose code runs in the flow of whoever asks for the next one.
 */
function runInScope(toolName: string, execute: Execute): Execute {
  return (input, options) => {
    const { toolCallId } = options
    const context = claimScope(toolCallId) ? undefined : createToolContext({ toolCallId, toolName, hasBody: true })
    if (context === undefined) return execute(input, options)
    const output = withAgentContext(context, () => execute(input, options))
    return isAsyncIterable(output) ? bindAgentContextToIterable(output, context) : output
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
