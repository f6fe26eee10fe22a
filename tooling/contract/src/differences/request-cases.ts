// SPDX-License-Identifier: Apache-2.0
import type { BodyOf, ModelPath, RequestCase } from './cases.ts'

type Expected = RequestCase['expected']

/** Makes the rows of a table whose requests all go to one path. */
export function requestCases(path: ModelPath) {
  const body = (title: string, given: BodyOf, expected: Expected): RequestCase => ({
    title,
    path,
    body: given,
    expected,
  })
  /** A plain body but for one key, after which the row is called. */
  const value = (key: string, given: unknown, expected: Expected): RequestCase =>
    body(`\`${key}\` ${typeof given === 'string' ? given : JSON.stringify(given)}`, { [key]: given }, expected)
  return { body, value }
}
