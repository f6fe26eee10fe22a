// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { errorOutcome, resultOutcome } from '../../src/telemetry/outcome.ts'

const named = (name: string) => Object.assign(new Error('as tested'), { name })
const mcp = (isError?: boolean) => ({ content: [{ type: 'text', text: 'grün' }], ...(isError !== undefined && { isError }) })

it.each([
  ['text', 'grün €', { status: 'succeeded', outputBytes: 9 }],
  ['no text', '', { status: 'succeeded', outputBytes: 0 }],
  ['an object', { temperature: 20 }, { status: 'succeeded' }],
  ['an object with content of another kind', { content: 'abc' }, { status: 'succeeded' }],
  ['a list', [1, 2], { status: 'succeeded' }],
  ['nothing', undefined, { status: 'succeeded' }],
  ['null', null, { status: 'succeeded' }],
  ['a result of MCP', mcp(), { status: 'succeeded', outputBytes: 5 }],
  ['a result of MCP that is no error', mcp(false), { status: 'succeeded', outputBytes: 5 }],
  ['an error of MCP', mcp(true), { status: 'error', errorType: 'McpToolError', outputBytes: 5 }],
  ['an isError that is not true', { isError: 'no' }, { status: 'succeeded' }],
])('a tool that returns %s has %o', (_what, output, outcome) => {
  expect(resultOutcome(output)).toEqual(outcome)
})

it.each([
  ['an error', new RangeError('too far'), { status: 'error', errorType: 'RangeError' }],
  ['an abort', new DOMException('stopped', 'AbortError'), { status: 'cancelled' }],
  ['an abort by a client that went away', named('ResponseAborted'), { status: 'cancelled' }],
  ['a time-out', new DOMException('late', 'TimeoutError'), { status: 'error', errorType: 'TimeoutError' }],
  ['no error', 'no', { status: 'error', errorType: 'Error' }],
  ['nothing', undefined, { status: 'error', errorType: 'Error' }],
])('a tool that throws %s has failed or was stopped', (_what, error: unknown, outcome) => {
  expect(errorOutcome(error)).toEqual(outcome)
})
