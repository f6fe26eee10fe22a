// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { measurePrompt } from '../../src/harness/prompt-size.ts'

const bytes = new Uint8Array(5)
const url = new URL('https://example.com/a.png')

it.each([
  ['a system prompt', 'Grüß dich', 11],
  ['text', [{ type: 'text', text: '€' }], 3],
  ['several parts', [{ type: 'text', text: 'ab' }, { type: 'reasoning', text: 'c' }], 3],
  ['the input of a tool', [{ type: 'tool-call', toolCallId: 'k', toolName: 't', input: { a: 'ä' } }], 10],
  ['a result that is text', [{ type: 'tool-result', toolCallId: 'k', output: { type: 'text', value: 'äb' } }], 3],
  ['a result that is JSON', [{ type: 'tool-result', toolCallId: 'k', output: { type: 'json', value: [1] } }], 3],
  ['a tool that was denied', [{ type: 'tool-result', output: { type: 'execution-denied' } }], 0],
  ['a file, as base64', [{ type: 'file', mediaType: 'image/png', data: bytes }], 8],
  ['a file that is base64 already', [{ type: 'file', mediaType: 'image/png', data: 'AAAA' }], 4],
  ['a file elsewhere', [{ type: 'file', mediaType: 'image/png', data: url }], url.href.length],
  ['a file in the form of ai@7', [{ type: 'file', data: { type: 'data', data: bytes } }], 8],
  ['an approval', [{ type: 'tool-approval-response', approvalId: 'a', approved: true }], 0],
  ['nothing', undefined, 0],
])('the bytes of %s are counted', (_what, content, expected) => {
  const message = { role: 'any', content }
  expect(measurePrompt([message])).toEqual({ messages: 1, bytes: expected })
  expect(measurePrompt([message, message])).toEqual({ messages: 2, bytes: 2 * expected })
})
