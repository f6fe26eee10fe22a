// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { oldestReleaseOf, type DialectEvidence } from '../../src/index.ts'

test.each<[string, DialectEvidence | undefined, string | undefined]>([
  ['tells its release', { by: 'openapi', dialect: 'session-headers', release: '1.6.1', steps: [] }, '1.6.1'],
  ['shows its generation', { by: 'probe', dialect: 'agent-context-body', steps: [] }, '1.2'],
  ['refused the other dialect', { by: 'refusal', dialect: 'session-headers' }, '1.3'],
  ['is of a generation that was set by hand', { by: 'setting', dialect: 'agent-context-body' }, '1.2'],
  ['may be anything', { by: 'unknown', dialect: 'session-headers', transient: false, steps: [] }, undefined],
  ['has not been asked', undefined, undefined],
])('of a frontend that %s', (_what, evidence, release) => {
  expect(oldestReleaseOf(evidence)).toBe(release)
})
