// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { createTurnReader, type FinishedTurn } from '../src/pi-events.ts'

/** Reads lines, one for each millisecond. */
function read(...lines: (object | string)[]): FinishedTurn[] {
  const turns: FinishedTurn[] = []
  let timeMs = 0
  const onLine = createTurnReader({ onTurn: (turn) => turns.push(turn), now: () => timeMs })
  for (const line of lines) {
    timeMs++
    onLine(typeof line === 'string' ? line : JSON.stringify(line))
  }
  return turns
}

const start = (toolCallId: string, args: object) => ({
  type: 'tool_execution_start',
  toolCallId,
  toolName: 'read',
  args,
})
const end = (toolCallId: string, text: string, isError = false) => ({
  type: 'tool_execution_end',
  toolCallId,
  toolName: 'read',
  result: { content: [{ type: 'text', text }] },
  isError,
})

it('puts the calls of a turn in order of their starts, whatever order they end in', () => {
  const turns = read(
    { type: 'turn_start' },
    start('a', { path: 'A' }),
    start('b', { path: 'B' }),
    end('b', 'no such file', true),
    end('a', 'text of A'),
    { type: 'turn_end' },
  )
  expect(turns).toEqual([
    {
      startedMs: 1,
      endedMs: 6,
      toolCalls: [
        { id: 'a', name: 'read', arguments: { path: 'A' }, failed: false, output: 'text of A' },
        { id: 'b', name: 'read', arguments: { path: 'B' }, failed: true, output: 'no such file' },
      ],
    },
  ])
})

it('keeps the turns apart', () => {
  const turn = [{ type: 'turn_start' }, start('a', {}), end('a', ''), { type: 'turn_end' }]
  const turns = read(...turn, { type: 'turn_start' }, { type: 'turn_end' })
  expect(turns.map(({ toolCalls }) => toolCalls.length)).toEqual([1, 0])
})

it('passes over lines that are no events', () => {
  expect(read('', 'not json', '7', 'null', '{}', { type: 'session' })).toEqual([])
})
