// SPDX-License-Identifier: Apache-2.0
import type { JsonBody } from './json-body.ts'

/** Why a request is refused: the status of the answer and its whole message. */
export interface Refusal {
  readonly status: number
  readonly message: string
}

export interface RuleScope {
  /** Whether the release is 1.3 or later, for which 1.6.1 stands. */
  readonly modern: boolean
  /** Whether there is a model of this name. */
  readonly serves: (model: string) => boolean
}

/** One thing that Dynamo wants of a body whose types are right. */
export type Rule = (body: JsonBody, scope: RuleScope) => Refusal | undefined

/** A refusal in the words of Dynamo's validator. */
export function invalid(problem: string | undefined): Refusal | undefined {
  return problem === undefined ? undefined : { status: 400, message: `Validation: ${problem}` }
}

/** A rule that 1.2 does not have. */
export function later(rule: Rule): Rule {
  return (body, scope) => (scope.modern ? rule(body, scope) : undefined)
}

/** A rule that only 1.2 has. */
export function early(rule: Rule): Rule {
  return (body, scope) => (scope.modern ? undefined : rule(body, scope))
}

export const modelIsNamed: Rule = ({ model }) =>
  typeof model === 'string' && model.trim() === '' ? invalid('Model cannot be empty') : undefined

export const modelIsServed: Rule = (body, { serves }) =>
  typeof body.model === 'string' && serves(body.model) ? undefined : { status: 404, message: 'Model not found' }

/** Of the rules that a body breaks, Dynamo tells the first. */
export function firstRefusal(rules: readonly Rule[], body: JsonBody, scope: RuleScope): Refusal | undefined {
  for (const rule of rules) {
    const refusal = rule(body, scope)
    if (refusal !== undefined) return refusal
  }
  return undefined
}
