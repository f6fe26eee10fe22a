// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { readFile } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { createOutput } from '../src/output.ts'
import { reportError } from '../src/report-error.ts'

function report(error: unknown, environment: Record<string, string> = {}, isTTY = false) {
  const stderr = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY })
  const code = reportError(error, createOutput(new PassThrough(), stderr), environment)
  return { code, text: String(stderr.read() ?? '') }
}

const systemError: unknown = await readFile(import.meta.dirname).catch((error: unknown) => error)

describe('an error is reported as what, why and what to do', () => {
  test.each([
    {
      name: 'with the reason that its cause gives',
      error: {
        code: 'DYN_COMMAND_LINE',
        message: 'no such option',
        advice: 'Type --help.',
        cause: new Error('It was taken away.'),
      },
      lines: ['dynamo-agent: no such option', '  It was taken away.', '  Type --help.'],
      code: 2,
    },
    {
      name: 'with what the system says in words',
      error: { code: 'DYN_OUTPUT_UNWRITABLE', message: 'cannot write x', advice: 'Write y.', cause: systemError },
      lines: ['dynamo-agent: cannot write x', '  illegal operation on a directory', '  Write y.'],
      code: 2,
    },
    {
      name: 'with what a library says whose error numbers are its own',
      error: {
        code: 'DYN_INVALID_ENDPOINT',
        message: 'cannot bind x',
        advice: 'Bind y.',
        cause: Object.assign(new Error('Invalid argument'), { errno: 22 }),
      },
      lines: ['dynamo-agent: cannot bind x', '  Invalid argument', '  Bind y.'],
      code: 2,
    },
    {
      name: 'without a reason that the message has already',
      error: {
        code: 'DYN_INVALID_SCRIPT',
        message: 'f:1: must be a list',
        advice: 'Mend it.',
        cause: new Error('must be a list'),
      },
      lines: ['dynamo-agent: f:1: must be a list', '  Mend it.'],
      code: 1,
    },
  ] as const)('$name', ({ error, lines, code }) => {
    expect(report(new DynamoAgentError(error))).toEqual({ code, text: `${lines.join('\n')}\n` })
  })

  test('of another copy of dynamo-agent too', () => {
    const foreign = Object.assign(new Error('port 1 is in use'), { code: 'DYN_PORT_IN_USE', advice: 'Take another.' })
    Object.defineProperty(foreign, Symbol.for('dynamo-agent.error'), { value: true })
    expect(report(foreign)).toEqual({ code: 1, text: 'dynamo-agent: port 1 is in use\n  Take another.\n' })
  })
})

test('an unexpected error is no bare stack', () => {
  const { code, text } = report(new TypeError('x is not a function'))
  expect(code).toBe(1)
  expect(text.split('\n').slice(0, 2)).toEqual([
    'dynamo-agent: unexpected error: x is not a function',
    '  This is a fault of dynamo-agent, not of what you typed.',
  ])
  expect(text).not.toContain('    at ')
  expect(report('thrown text').text).toMatch(/^dynamo-agent: unexpected error: thrown text\n/)
})

test('DEBUG=dynamo-agent adds the stack, and those of the causes', () => {
  const error = new Error('outer', { cause: new Error('inner') })
  const { text } = report(error, { DEBUG: 'dynamo-agent' })
  expect(text).toContain('Error: outer\n    at ')
  expect(text).toContain('caused by Error: inner\n    at ')
  expect(report(error, { DEBUG: 'something-else' }).text).not.toContain('    at ')
})

test('a reader of the output that went away is not spoken to', () => {
  const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
  const wrapped = new DynamoAgentError({ code: 'DYN_OUTPUT_UNWRITABLE', message: 'm', advice: 'a', cause: broken })
  for (const error of [broken, wrapped]) expect(report(error)).toEqual({ code: 0, text: '' })
})
