// SPDX-License-Identifier: Apache-2.0
import { mergeAgentHints, type AgentHints } from './agent-hints.ts'
import { createOutputLengthLearner } from './output-length.ts'
import { decidePriority, type PriorityPolicy, type PrioritySituation } from './priority-policy.ts'
import { createToolDurationLearner } from './tool-duration.ts'

/** What is asked for; `readEnvironment` gives it. */
export interface HintPolicyOptions {
  /** Hints that are given. */
  readonly hints: AgentHints
  readonly priorityPolicy: PriorityPolicy
  /** `outputLength` is to be the mean of the latest answers. */
  readonly learnsOutputLength: boolean
  /** `speculativePrefill` is to be set while short tools are expected. */
  readonly learnsSpeculativePrefill: boolean
  readonly situation: Omit<PrioritySituation, 'given'>
}

/** Hints, and why they are what they are where nobody gave them. */
export interface ExplainedHints {
  readonly hints: AgentHints
  /** In words for a person. A hint that is asked for and not known yet has a reason alone. */
  readonly reasons: { readonly [Key in keyof AgentHints]?: string }
}

/** The hints of one trajectory: those that are given, and those that follow from what it is and does. */
export interface HintPolicy {
  /** For the next turn. */
  readonly turn: ExplainedHints
  /** For requests of the trajectory that are no turns, from which nothing is learnt. */
  readonly auxiliary: AgentHints
  /** Takes the length of a turn's answer that came to its end. */
  answered(outputTokens: number): void
  /** Takes the duration of a tool call that came to its end, in milliseconds. */
  toolEnded(toolClass: string, durationMs: number): void
}

/**
 * Tools up to here are short: the next turn comes while the cache that the hint
 * has warmed is still there, however busy the worker is with others.
 */
const SHORT_TOOL_MS = 5000

/**
 * Makes the policy of one trajectory.
 *
 * The hint `speculativePrefill` travels with a request and makes Dynamo warm
 * the next turn when that one ends, just as the tools begin that it calls. Which
 * these are nobody knows by then, so the latest ones stand for them.
 */
export function createHintPolicy(options: HintPolicyOptions): HintPolicy {
  const { hints, priorityPolicy, situation, learnsOutputLength, learnsSpeculativePrefill } = options
  const { priority, reason } = decidePriority(priorityPolicy, { ...situation, given: hints.priority })
  const auxiliary = mergeAgentHints(hints, { priority })
  const outputLength = learnsOutputLength ? createOutputLengthLearner() : undefined
  const toolDuration = learnsSpeculativePrefill ? createToolDurationLearner() : undefined

  return {
    auxiliary,
    get turn() {
      const expectedMs = toolDuration?.expectedMs
      const isShort = expectedMs !== undefined && expectedMs <= SHORT_TOOL_MS
      return {
        hints: mergeAgentHints(auxiliary, {
          outputLength: outputLength?.expected,
          speculativePrefill: isShort || undefined,
        }),
        reasons: {
          ...(reason !== undefined && { priority: reason }),
          ...(outputLength && { outputLength: explainLength(outputLength.expected) }),
          ...(toolDuration && { speculativePrefill: explainDuration(expectedMs) }),
        },
      }
    },
    answered(outputTokens) {
      outputLength?.learn(outputTokens)
    },
    toolEnded(toolClass, durationMs) {
      toolDuration?.learn(toolClass, durationMs)
    },
  }
}

function explainLength(expected: number | undefined): string {
  return expected === undefined ? 'learnt from the third answer on' : 'learnt from the latest answers'
}

function explainDuration(expectedMs: number | undefined): string {
  if (expectedMs === undefined) return 'learnt from the third tool call on'
  return `tools take about ${expectedMs < 1000 ? `${Math.round(expectedMs)} ms` : `${Math.round(expectedMs / 1000)} s`}`
}
