// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import type { FinishedToolCall } from '../src/pi-events.ts'
import { createStepReader, type AgentStep } from '../src/steps.ts'

const call = (name: string, args: Record<string, unknown> = {}, more: Partial<FinishedToolCall> = {}) => ({
  id: `call-${name}`,
  name,
  arguments: args,
  failed: false,
  output: '',
  ...more,
})
const failingTests = call('bash', { command: 'node --test' }, { failed: true, output: 'ℹ pass 4\nℹ fail 1\n' })

/** The steps of turns that take a second each. */
function stepsOf(...turns: FinishedToolCall[][]): AgentStep[] {
  const steps: AgentStep[] = []
  const reader = createStepReader((step) => steps.push(step))
  turns.forEach((toolCalls, index) => {
    reader.turn({ startedMs: index * 1000, endedMs: index * 1000 + 1000, toolCalls })
  })
  reader.end()
  return steps
}

it('sums turns in which the agent works itself up to one step', () => {
  expect(stepsOf([call('read'), call('read', {}, { failed: true })], [call('read'), failingTests])).toEqual([
    {
      durationMs: 2000,
      filesRead: 2,
      filesEdited: [],
      testRuns: [{ passed: 4, failed: 1 }],
      subagents: [],
      toolCalls: 4,
      failedToolCalls: 2,
    },
  ])
})

it('begins a step when subagents come in and another when they are done', () => {
  const steps = stepsOf(
    [call('read')],
    [call('subagent', { role: 'reviewer' }), call('subagent', { role: 'tester' })],
    [call('edit', { path: 'src/discount.js' })],
  )
  expect(steps.map(({ subagents, filesEdited }) => [...subagents, ...filesEdited])).toEqual([
    [],
    ['reviewer', 'tester'],
    ['src/discount.js'],
  ])
})

it('counts no turn without tools', () => {
  expect(stepsOf([])).toEqual([])
  expect(stepsOf([call('read')], []).map(({ durationMs }) => durationMs)).toEqual([1000])
})
