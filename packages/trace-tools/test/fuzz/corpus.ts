// SPDX-License-Identifier: Apache-2.0
import { parseTraceLine } from '@dynamo-agent/core'
import { readLines, traceFiles } from '@dynamo-agent/fixtures'
import type { Random } from '../../bench/generator/random.ts'
import { generated } from '../support/generated-trace.ts'
import { harnessLines } from '../support/harness-lines.ts'

/** Good traces, as lists of lines: what Dynamo releases wrote, what a harness told, and a few that are made up. */
const traces: readonly (readonly string[])[] = [
  ...traceFiles.map((path) => readLines(path).filter(isWhole)),
  harnessLines,
  ...(['coding-agent', 'swarm', 'deep'] as const).flatMap((shape) =>
    (['1.2', '1.6'] as const).map((generation) => generated({ shape, generation, rows: 200, seed: 1 }).lines),
  ),
]

/** Some lines of one to three traces, one trace after the other. */
export function pickLines(random: Random): string[] {
  const pieces = random.chance(0.7) ? 1 : random.between(2, 3)
  return Array.from({ length: pieces }, () => pickPiece(random)).flat()
}

function pickPiece(random: Random): readonly string[] {
  const trace = traces[random.between(0, traces.length - 1)] ?? []
  const start = random.between(0, trace.length - 1)
  return trace.slice(start, start + random.between(1, 12))
}

/** One capture ends in the middle of a line. */
function isWhole(line: string): boolean {
  return parseTraceLine(line).kind !== 'skipped'
}
