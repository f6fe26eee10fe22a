// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { createHintPolicy, readEnvironment, type Environment, type HintPolicyOptions } from '../../src/index.ts'

const alone = { isInteractive: false }

function policyOf(environment: Environment, situation: HintPolicyOptions['situation'] = alone) {
  return createHintPolicy({ ...readEnvironment(environment), situation })
}

describe('a hint policy', () => {
  test('says nothing unless it is asked to', () => {
    const policy = policyOf({}, { isInteractive: true, parent: { priority: 3 } })
    for (let call = 0; call < 5; call++) {
      policy.answered(100)
      policy.toolEnded('read', 5)
    }
    expect(policy.turn).toEqual({ hints: {}, reasons: {} })
    expect(policy.auxiliary).toEqual({})
  })

  test('passes on what is given', () => {
    const policy = policyOf({ DYN_AGENT_PRIORITY: '3', DYN_AGENT_OSL: '50', DYN_AGENT_SPECULATIVE_PREFILL: '0' })
    const hints = { priority: 3, outputLength: 50, speculativePrefill: false }
    expect(policy.turn).toEqual({ hints, reasons: {} })
    expect(policy.auxiliary).toEqual(hints)
  })

  test('decides the priority of every request, and tells why', () => {
    const policy = policyOf({ DYN_AGENT_PRIORITY_POLICY: 'subagents' }, { ...alone, parent: { priority: 3 } })
    expect(policy.turn).toEqual({
      hints: { priority: 2 },
      reasons: { priority: "a subagent, 1 below its parent's 3" },
    })
    expect(policy.auxiliary).toEqual({ priority: 2 })
  })

  test('learns how long answers are, for turns alone', () => {
    const policy = policyOf({ DYN_AGENT_OSL: 'auto' })
    expect(policy.turn).toEqual({ hints: {}, reasons: { outputLength: 'learnt from the third answer on' } })
    for (const tokens of [100, 200, 330]) policy.answered(tokens)
    expect(policy.turn).toEqual({
      hints: { outputLength: 210 },
      reasons: { outputLength: 'learnt from the latest answers' },
    })
    expect(policy.auxiliary).toEqual({})
  })

  test.each<[string, number, boolean | undefined, string]>([
    ['short', 40, true, 'tools take about 40 ms'],
    ['as long as a short one can be', 5000, true, 'tools take about 5 s'],
    ['long', 60_000, undefined, 'tools take about 60 s'],
  ])('has the next turn warmed as its tools are %s', (...[, durationMs, speculativePrefill, reason]) => {
    const policy = policyOf({ DYN_AGENT_SPECULATIVE_PREFILL: 'auto' })
    expect(policy.turn).toEqual({ hints: {}, reasons: { speculativePrefill: 'learnt from the third tool call on' } })
    for (let call = 0; call < 3; call++) policy.toolEnded('bash', durationMs)
    expect(policy.turn.hints.speculativePrefill).toBe(speculativePrefill)
    expect(policy.turn.reasons).toEqual({ speculativePrefill: reason })
    expect(policy.auxiliary).toEqual({})
  })
})
