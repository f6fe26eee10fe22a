// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { decidePriority, parsePriorityPolicy, type PriorityPolicy, type PrioritySituation } from '../../src/index.ts'

describe('decidePriority', () => {
  const person = { isInteractive: true }
  const nobody = { isInteractive: false }
  const both = { subagents: 1, interactive: 10 }

  test.each<[string, PriorityPolicy, PrioritySituation, number | undefined, string | undefined]>([
    ['nothing without a policy', {}, person, undefined, undefined],
    ['what is given without a policy', {}, { ...nobody, given: 3, parent: { priority: 9 } }, 3, undefined],
    ['what is given to work in the background', both, { ...nobody, given: 3 }, 3, undefined],
    ['more where a person waits', both, person, 10, 'a person waits, 10 above 0'],
    ['more than is given where a person waits', both, { ...person, given: 3 }, 13, 'a person waits, 10 above 3'],
    ['less than its parent to a subagent', both, { ...nobody, given: 3, parent: { priority: 10 } }, 9, "a subagent, 1 below its parent's 10"],
    ['less to a subagent whatever it shows', both, { ...person, parent: { priority: 10 } }, 9, "a subagent, 1 below its parent's 10"],
    ['less than it is given where nothing is known of its parent', both, { ...nobody, given: 3, parent: {} }, 2, "a subagent, 1 below its parent's 3"],
    ['less than 0 where nobody is given any', { subagents: 2 }, { ...nobody, parent: {} }, -2, "a subagent, 2 below its parent's 0"],
    ['what is given to a subagent that has no rule', { interactive: 1 }, { ...person, given: 3, parent: { priority: 9 } }, 3, undefined],
  ])('gives %s', (...[, policy, situation, priority, reason]) => {
    const decision = decidePriority(policy, situation)
    expect([decision.priority, decision.reason]).toEqual([priority, reason])
  })
})

describe('parsePriorityPolicy', () => {
  test.each<[string, PriorityPolicy | undefined]>([
    ['subagents', { subagents: 1 }],
    ['interactive', { interactive: 1 }],
    ['subagents,interactive', { subagents: 1, interactive: 1 }],
    [' interactive=10 subagents=2 ', { subagents: 2, interactive: 10 }],
    ['subagents=3,subagents', { subagents: 1 }],
    ['', undefined],
    ['subagents=0', undefined],
    ['subagents=-1', undefined],
    ['subagents=1000000', undefined],
    ['subagents,everybody', undefined],
    ['__proto__', undefined],
  ])('reads %j', (text, policy) => {
    expect(parsePriorityPolicy(text)).toEqual(policy)
  })
})
