// SPDX-License-Identifier: Apache-2.0
// Measures what this package costs a Pi that has it, beside a Pi with an extension that does nothing.
import { publishFigures, readChoice, readCount, runProgram, UsageError } from '@dynamo-agent/bench'
import { installExtension, installPi, piReleases } from '@dynamo-agent/pi-generations'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureHotPath } from './hot-path.ts'
import { measureStartUp, type StartUpCost } from './start-up.ts'

const usage = `usage: pnpm bench [--runs N] [--pi ${piReleases.join('|')}] [--write]\n`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '25' },
      pi: { type: 'string', default: '0.87.1' },
      /** Has the figures put into the README. */
      write: { type: 'boolean', default: false },
    },
  })
  const runs = readCount('--runs', values.runs)
  if (runs < 1) throw new UsageError('--runs 0: nothing to measure')
  const release = readChoice('--pi', values.pi, piReleases)

  const extension = join(await installExtension(), 'dist/extension.ts')
  const { baseline, more } = await measureStartUp({ pi: await installPi(release), extension, runs })
  const signed = (value: number) => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(0)}`
  const startUp = [
    [`pi ${release} -p, ${runs} runs`, 'wall ms, median', 'lower quartile', 'CPU ms', 'peak MB'],
    ['an extension that does nothing', ...figuresOf(baseline).map((value) => value.toFixed(0))],
    ...more.map((cost) => [cost.name, ...figuresOf(cost).map(signed)]),
  ]
  const hooks = [
    ['time of the caller', 'median µs', 'p99 µs'],
    ...(await measureHotPath()).map(({ name, medianUs, p99Us }) => [name, medianUs.toFixed(1), p99Us.toFixed(1)]),
  ]
  await publishFigures([startUp, hooks], values.write ? new URL('../README.md', import.meta.url) : undefined)
}

function figuresOf({ medianMs, lowerQuartileMs, cpuMs, memoryMb }: StartUpCost): readonly number[] {
  return [medianMs, lowerQuartileMs, cpuMs, memoryMb]
}

await runProgram(main, usage)
