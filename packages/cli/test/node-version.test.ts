// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { findNodeVersionProblem } from '../src/node-version.ts'

test.each(['22.19.0', '22.21.1', '24.0.0', '26.1.0'])('Node %s will do', (version) => {
  expect(findNodeVersionProblem(version)).toBeUndefined()
})

test.each(['18.20.8', '20.19.4', '22.18.0'])('Node %s is refused in three lines', (version) => {
  expect(findNodeVersionProblem(version)?.trimEnd().split('\n')).toEqual([
    `dynamo-agent: Node ${version} is too old`,
    '  It needs Node 22.19 or newer.',
    '  npx -y -p node@24 -p dynamo-agent dynamo-agent --help',
  ])
})
