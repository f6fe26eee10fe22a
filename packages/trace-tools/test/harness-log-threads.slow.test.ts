// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { convert } from './support/convert-lines.ts'
import { turnLine } from './support/harness-lines.ts'
import { requestLine } from './support/trace-lines.ts'

/** Other threads take part. */
const threadsAfterBytes = 1024 * 1024

function longRun(turns: number): string[] {
  return Array.from({ length: turns }, (_, index) => [
    turnLine({ trajectory: `run.${index % 50}`, index, from: index * 100, to: index * 100 + 90, tokens: index, costUsd: 0.001 }),
    ...(index % 2 === 0 ? [requestLine({ session: `run.${index % 50}`, at: index * 100, total: 80 })] : []),
  ]).flat()
}

it.each(['perfetto', 'chrome-json'] as const)('a timeline is the same for any number of threads (%s)', async (format) => {
  const lines = longRun(30_000)
  const results = await Promise.all([1, 3].map((jobs) => convert({ 'mixed.jsonl': lines }, { format, jobs, threadsAfterBytes })))
  const [one, several] = results.map(({ output }) => readFileSync(output))
  expect(results[0]?.census.inputs[0]?.bytes).toBeGreaterThan(12 * 1024 * 1024)
  expect(one?.equals(several ?? Buffer.alloc(0))).toBe(true)
  expect(results[0]?.summary).toEqual(results[1]?.summary)
}, 60_000)
