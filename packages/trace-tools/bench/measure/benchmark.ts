// SPDX-License-Identifier: Apache-2.0
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ShapeName } from '../generator/shapes.ts'
import type { Truth } from '../generator/truth.ts'
import { truthPath, writeTrace } from '../generator/write-trace.ts'
import { findCounts, runBaseline, runConversion, type Conversion } from './subjects.ts'

/** What is measured at one size. */
export interface Benchmark {
  readonly shape: ShapeName
  readonly rows: number
  readonly repeats: number
  readonly conversions: readonly Conversion[]
  /** For the traces and timelines; what is written there is removed. */
  readonly folder: string
  readonly onProgress: (doing: string) => void
}

/** The figures of one conversion, each run a number. */
export interface ConversionFigures {
  readonly conversion: Conversion
  readonly wallMs: readonly number[]
  readonly peakBytes: readonly number[]
  readonly outputBytes: number
}

/** The figures at one size. */
export interface Figures {
  readonly rows: number
  /** Of the trace as text. */
  readonly bytes: number
  readonly baselineMs: readonly number[]
  readonly conversions: readonly ConversionFigures[]
}

const SEED = 1

/**
 * Measures all conversions of a trace and the baseline, by turns, so that a
 * machine which is busy for a while slows them down alike.
 *
 * @throws Error where the command fails, or finds something else in the trace than there is.
 */
export async function runBenchmark(benchmark: Benchmark): Promise<Figures> {
  const { shape, rows, repeats, conversions, folder, onProgress } = benchmark
  const plain = join(folder, `${rows}.jsonl`)
  const inputs = { plain, gzip: `${plain}.gz` }
  const output = join(folder, `${rows}.timeline`)
  const size = `${rows.toLocaleString('en')} rows`

  onProgress(`${size}: making the trace`)
  const truth = await writeTrace(inputs.plain, { shape, rows, seed: SEED })
  if (conversions.some(({ gzip }) => gzip)) await writeTrace(inputs.gzip, { shape, rows, seed: SEED })
  onProgress(`${size}: checking what is found in it`)
  checkCounts(await findCounts(plain, output), truth)

  const baselineMs: number[] = []
  const runs = conversions.map((conversion) => ({
    conversion,
    wallMs: [] as number[],
    peakBytes: [] as number[],
    outputBytes: 0,
  }))
  for (let round = 1; round <= repeats; round++) {
    onProgress(`${size}: round ${round} of ${repeats}`)
    baselineMs.push((await runBaseline(plain)).wallMs)
    for (const run of runs) {
      const { gzip } = run.conversion
      // To take the place of another file costs ext4 a tenth of the time, as it writes the new one to the disk first.
      await rm(output, { force: true })
      const { wallMs, peakBytes } = await runConversion(gzip ? inputs.gzip : inputs.plain, output, run.conversion)
      run.wallMs.push(wallMs)
      if (peakBytes !== undefined) run.peakBytes.push(peakBytes)
      run.outputBytes = (await stat(output)).size
    }
  }
  const files = [...Object.values(inputs).flatMap((path) => [path, truthPath(path)]), output]
  await Promise.all(files.map((path) => rm(path, { force: true })))
  return { rows, bytes: truth.bytes, baselineMs, conversions: runs }
}

/** A fast conversion that is wrong has no figures. */
function checkCounts({ rows: counted, summary }: Awaited<ReturnType<typeof findCounts>>, truth: Truth): void {
  const rows = Object.values(truth.rows).reduce((sum, count) => sum + count, 0)
  const { sessions, trajectories, requests, toolCalls, tokens } = truth
  const expected = { used: rows, skipped: 0, sessions, trajectories, requests, toolCalls, tokens }
  const found = {
    used: counted.used,
    skipped: counted.skipped,
    sessions: summary.sessions,
    trajectories: summary.trajectories,
    requests: summary.requests,
    toolCalls: summary.toolCalls,
    tokens: summary.tokens,
  }
  if (JSON.stringify(found) === JSON.stringify(expected)) return
  throw new Error(`found ${JSON.stringify(found)}, but the trace holds ${JSON.stringify(expected)}`)
}
