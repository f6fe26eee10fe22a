// SPDX-License-Identifier: Apache-2.0
// Measures what this package costs a Pi that has it, beside a Pi with an extension that does nothing.
import { formatTable, readChoice, readCount, runProgram, UsageError } from '@dynamo-agent/bench'
import { installExtension, installPi, piReleases } from '@dynamo-agent/pi-generations'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureHotPath } from './hot-path.ts'
import { measureStartUp } from './start-up.ts'

const usage = `usage: pnpm bench [--runs N] [--pi ${piReleases.join('|')}]\n`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '15' }, pi: { type: 'string', default: '0.87.1' } },
  })
  const runs = readCount('--runs', values.runs)
  if (runs < 1) throw new UsageError('--runs 0: nothing to measure')
  const release = readChoice('--pi', values.pi, piReleases)

  const extension = join(await installExtension(), 'dist/extension.ts')
  const { baseline, more } = await measureStartUp({ pi: await installPi(release), extension, runs })
  const signed = (value: number) => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(0)}`
  process.stdout.write(
    formatTable([
      [`pi ${release} -p, medians of ${runs} runs`, 'wall ms', 'CPU ms', 'peak MB'],
      [
        'an extension that does nothing',
        ...[baseline.wallMs, baseline.cpuMs, baseline.memoryMb].map((value) => value.toFixed(0)),
      ],
      ...more.map(({ name, wallMs, cpuMs, memoryMb }) => [name, ...[wallMs, cpuMs, memoryMb].map(signed)]),
    ]),
  )
  const hooks = await measureHotPath()
  process.stdout.write(
    `\n${formatTable([
      ['time of the caller', 'median µs', 'p99 µs'],
      ...hooks.map(({ name, medianUs, p99Us }) => [name, medianUs.toFixed(1), p99Us.toFixed(1)]),
    ])}`,
  )
}

await runProgram(main, usage)
