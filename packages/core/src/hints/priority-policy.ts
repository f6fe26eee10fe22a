// SPDX-License-Identifier: Apache-2.0

/** How the priority of an agent follows from what it is. Each rule is off until its step is set. */
export interface PriorityPolicy {
  /** How far below its parent a subagent is. */
  readonly subagents?: number
  /** How far above what it is given an agent is that a person waits for. */
  readonly interactive?: number
}

/** What decides the priority of an agent. */
export interface PrioritySituation {
  /** The priority that it is given; Dynamo takes none for 0. */
  readonly given?: number | undefined
  /** Of a subagent: what is known of the agent that started it. */
  readonly parent?: { readonly priority?: number | undefined } | undefined
  /** A person waits for its answers. Of a subagent that is its parent's affair. */
  readonly isInteractive: boolean
}

export interface PriorityDecision {
  readonly priority?: number
  /** Why it is not the one that is given, in words for a person. */
  readonly reason?: string
}

const DEFAULT_STEP = 1

/**
 * Applies the policy. A subagent whose parent's priority is not known takes
 * the one that it is given itself for it: both come from one environment.
 *
 * Dynamo's router queue takes what is below 0 for 0 (the engines do not), so a
 * policy that lowers wants a given priority with room below it.
 */
export function decidePriority(policy: PriorityPolicy, situation: PrioritySituation): PriorityDecision {
  const { given, parent, isInteractive } = situation
  if (parent !== undefined && policy.subagents !== undefined) {
    const above = parent.priority ?? given ?? 0
    return { priority: above - policy.subagents, reason: `a subagent, ${policy.subagents} below its parent's ${above}` }
  }
  if (parent === undefined && isInteractive && policy.interactive !== undefined) {
    const base = given ?? 0
    return { priority: base + policy.interactive, reason: `a person waits, ${policy.interactive} above ${base}` }
  }
  return given === undefined ? {} : { priority: given }
}

/**
 * Reads a policy such as `subagents,interactive=10`: the names of its rules,
 * each with a step above 0 where that is not 1.
 *
 * @returns undefined when the text names anything else.
 */
export function parsePriorityPolicy(text: string): PriorityPolicy | undefined {
  const policy: { -readonly [Rule in keyof PriorityPolicy]: number } = {}
  const rules = text.split(/[\s,]+/).filter((rule) => rule !== '')
  for (const rule of rules) {
    const [, name, step = DEFAULT_STEP] = /^(subagents|interactive)(?:=([1-9]\d{0,5}))?$/.exec(rule) ?? []
    if (name === undefined) return undefined
    policy[name as keyof PriorityPolicy] = Number(step)
  }
  return rules.length === 0 ? undefined : policy
}
