// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bodyKeys, type BodyKey } from '../../src/body-keys.ts'
import type { ByRelease } from '../../src/by-release.ts'
import { differences, expectedOf } from '../../src/differences.ts'
import type { Case, Section } from '../../src/differences/cases.ts'
import { exchange } from '../../src/http.ts'
import { NO_ANSWER, observeAnswer } from '../../src/observe/answers.ts'
import { requestTo } from '../../src/observe/requests.ts'
import { observeIdentities } from '../../src/observe/identity.ts'
import { observeRows } from '../../src/observe/rows.ts'
import { observeShape } from '../../src/observe/shapes.ts'
import { observeToolEvents } from '../../src/observe/tool-events.ts'
import { startTarget } from '../../src/targets/start-target.ts'
import type { Target } from '../../src/targets/target.ts'
import type { GetTarget } from './contract.ts'

type Row = Case & { readonly expected: ByRelease<string> }

/** Each row of each table of differences is a test. */
export function describeTables(getTarget: GetTarget): void {
  const spare = createSpare(getTarget)
  afterAll(spare.stop)
  for (const section of differences.requests) eachAlone(section, spare.targetFor, observeAnswer)
  for (const section of differences.shapes) eachAlone(section, getTarget, observeShape)
  allAtOnce(differences.identity, getTarget, observeIdentities)
  allAtOnce(differences.toolEvents, getTarget, observeToolEvents)
  allAtOnce(differences.rowWriters, getTarget, observeRows)

  describe('keys of the body', () => {
    test.each(Object.entries<BodyKey>(bodyKeys))('%s', async (key, { sample, beside, accepted }) => {
      const target = getTarget()
      const { status, text } = await exchange(requestTo(target, { body: { ...beside, [key]: sample } }))
      if (accepted[target.release]) expect(status, text).toBe(200)
      else
        expect({ status, text }).toMatchObject({ status: 400, text: expect.stringContaining(`\`${key}\``) as string })
    })
  })
}

/**
 * A second target for what is never answered: that keeps a mock worker busy for
 * good, and everything that comes after it would wait.
 */
function createSpare(getTarget: GetTarget) {
  let spare: Promise<Target> | undefined
  return {
    targetFor: (one: Row): Target | Promise<Target> => {
      const target = getTarget()
      return expectedOf(target, one) === NO_ANSWER ? (spare ??= startTarget(target.name)) : target
    },
    stop: async () => (await spare)?.[Symbol.asyncDispose](),
  }
}

function eachAlone<One extends Row>(
  { title, cases }: Section<One>,
  targetFor: (one: One) => Target | Promise<Target>,
  observe: (target: Target, one: One) => Promise<string>,
): void {
  describe(title, () => {
    test.each(cases.map((one) => [one.title, one] as const))('%s', async (_, one) => {
      const target = await targetFor(one)
      expect(await observe(target, one)).toBe(expectedOf(target, one))
    })
  })
}

/** What shows in the trace only later is asked for together, so that it is waited for once. */
function allAtOnce<One extends Row>(
  { title, cases }: Section<One>,
  getTarget: GetTarget,
  observe: (target: Target, cases: readonly One[]) => Promise<ReadonlyMap<One, string>>,
): void {
  describe(title, () => {
    let observed: ReadonlyMap<One, string>
    beforeAll(async () => {
      observed = await observe(getTarget(), cases)
    }, 60_000)
    test.each(cases.map((one) => [one.title, one] as const))('%s', (_, one) => {
      expect(observed.get(one)).toBe(expectedOf(getTarget(), one))
    })
  })
}
