// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe } from 'vitest'
import { startTarget } from '../../src/targets/start-target.ts'
import type { Target, TargetName } from '../../src/targets/target.ts'
import { describeClients } from './clients.ts'
import { describeFiles } from './files.ts'
import { describeFigures } from './figures.ts'
import { describeRestart } from './restart.ts'
import { describeTables } from './tables.ts'

/** The running target, once `beforeAll` is through. */
export type GetTarget = () => Target

/** The first start of a release on a machine installs it. */
const START_LIMIT_MS = 600_000

/** Everything that is asked of one target. */
export function describeContract(name: TargetName): void {
  describe(name, () => {
    let target: Target | undefined
    const getTarget: GetTarget = () => {
      if (target === undefined) throw new Error(`${name} has not started`)
      return target
    }
    beforeAll(async () => {
      target = await startTarget(name)
    }, START_LIMIT_MS)
    afterAll(() => target?.[Symbol.asyncDispose]())

    describeTables(getTarget)
    describeFigures(getTarget)
    describeClients(getTarget)
    describeFiles(name)
    describeRestart(getTarget)
  })
}
