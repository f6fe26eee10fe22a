// SPDX-License-Identifier: Apache-2.0
import { beforeAll, describe, expect, test } from 'vitest'
import { bodyKeys, type BodyKey } from '../../src/body-keys.ts'
import type { ByRelease } from '../../src/by-release.ts'
import { differences, expectedOf } from '../../src/differences.ts'
import type { Case, Section } from '../../src/differences/cases.ts'
import { exchange } from '../../src/http.ts'
import { observeAnswer } from '../../src/observe/answers.ts'
import { chatRequest } from '../../src/observe/chat.ts'
import { observeIdentities } from '../../src/observe/identity.ts'
import { observeRows } from '../../src/observe/rows.ts'
import { observeShape } from '../../src/observe/shapes.ts'
import { observeToolEvents } from '../../src/observe/tool-events.ts'
import type { Target } from '../../src/targets/target.ts'
import type { GetTarget } from './contract.ts'

type Row = Case & { readonly expected: ByRelease<string> }

/** Each row of each table of differences is a test. */
export function describeTables(getTarget: GetTarget): void {
  for (const section of differences.requests) eachAlone(section, getTarget, observeAnswer)
  for (const section of differences.shapes) eachAlone(section, getTarget, observeShape)
  allAtOnce(differences.identity, getTarget, observeIdentities)
  allAtOnce(differences.toolEvents, getTarget, observeToolEvents)
  allAtOnce(differences.rowWriters, getTarget, observeRows)

  describe('keys of the body', () => {
    test.each(Object.entries<BodyKey>(bodyKeys))('%s', async (key, { sample, beside, accepted }) => {
      const target = getTarget()
      const { status, text } = await exchange(chatRequest(target, { body: { ...beside, [key]: sample } }))
      if (accepted[target.release]) expect(status, text).toBe(200)
      else
        expect({ status, text }).toMatchObject({ status: 400, text: expect.stringContaining(`\`${key}\``) as string })
    })
  })
}

function eachAlone<One extends Row>(
  { title, cases }: Section<One>,
  getTarget: GetTarget,
  observe: (target: Target, one: One) => Promise<string>,
): void {
  describe(title, () => {
    test.each(cases.map((one) => [one.title, one] as const))('%s', async (_, one) => {
      const target = getTarget()
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
    })
    test.each(cases.map((one) => [one.title, one] as const))('%s', (_, one) => {
      expect(observed.get(one)).toBe(expectedOf(getTarget(), one))
    })
  })
}
