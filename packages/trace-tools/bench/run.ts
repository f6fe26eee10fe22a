// SPDX-License-Identifier: Apache-2.0
import { readChoice, readCount, runProgram } from '@dynamo-agent/bench'
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { availableParallelism, constants, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { shapes } from './generator/shapes.ts'
import { runBenchmark, type Figures } from './measure/benchmark.ts'
import { formatReport, type Machine } from './measure/report.ts'
import { readPythonVersion, runStart } from './measure/subjects.ts'

const shapeNames = Object.keys(shapes) as (keyof typeof shapes)[]
const page = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url))

const usage = `Usage: pnpm bench [OPTION…]

Measures trace convert against a bare json.loads of each line, and writes docs/benchmarks.md.

Options:
      --full         10 million rows too
      --quick        10 thousand rows, once; prints the page instead of writing it
      --repeats N    runs of each conversion; those of 10 million rows run once
                     Default: 3
      --shape SHAPE  ${shapeNames.join(', ')}
                     Default: coding-agent
  -h, --help         print this text
`

interface Size {
  readonly rows: number
  readonly repeats: number
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      full: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      repeats: { type: 'string', default: '3' },
      shape: { type: 'string', default: 'coding-agent' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return
  }
  const shape = readChoice('--shape', values.shape, shapeNames)
  const repeats = Math.max(1, readCount('--repeats', values.repeats))
  const sizes = values.quick ? [{ rows: 10_000, repeats: 1 }] : fullSizes({ repeats, withLargest: values.full })

  const folder = temporaryFolder()
  const machine = await describeMachine()
  const startMs = await measureStart()
  const figures: Figures[] = []
  for (const { rows, repeats } of sizes) {
    const formats = values.quick || rows === 1_000_000 ? (['perfetto', 'chrome-json'] as const) : (['perfetto'] as const)
    const conversions = formats.flatMap((format) =>
      [false, true].flatMap((gzip) => [1, 2].map((jobs) => ({ format, gzip, jobs }))),
    )
    figures.push(await runBenchmark({ shape, rows, repeats, conversions, folder, onProgress: showProgress }))
  }
  const report = formatReport({ machine, shape, startMs, sizes: figures })
  if (values.quick) process.stdout.write(report)
  else await writeFile(page, report)
}

/** A folder that goes with this process, also when somebody stops it: there may be gigabytes in it. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dynamo-agent-bench-'))
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true })
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]))
  }
  return folder
}

function fullSizes({ repeats, withLargest }: { repeats: number; withLargest: boolean }): readonly Size[] {
  const sizes = [10_000, 100_000, 1_000_000].map((rows) => ({ rows, repeats }))
  return withLargest ? [...sizes, { rows: 10_000_000, repeats: 1 }] : sizes
}

/** The first start compiles what later ones find compiled. */
async function measureStart(): Promise<number> {
  const times: number[] = []
  for (let start = 0; start < 3; start++) times.push((await runStart()).wallMs)
  return Math.min(...times)
}

async function describeMachine(): Promise<Machine> {
  return {
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: process.platform,
    nodeVersion: process.versions.node,
    pythonVersion: await readPythonVersion(),
  }
}

function showProgress(doing: string): void {
  process.stderr.write(`${doing}\n`)
}

await runProgram(main, usage)
