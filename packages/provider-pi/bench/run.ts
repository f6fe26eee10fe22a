// SPDX-License-Identifier: Apache-2.0
// Measures what this package costs a Pi that has it, beside a Pi with an extension that does nothing.
import { installExtension, installPi, piReleases } from '@dynamo-agent/pi-generations'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { formatTable } from './figures.ts'
import { measureHotPath } from './hot-path.ts'
import { measureStartUp } from './start-up.ts'

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '15' }, pi: { type: 'string', default: '0.87.1' } },
})
const runs = Number(values.runs)
const release = piReleases.find((known) => known === values.pi)
if (release === undefined || !(runs >= 1)) {
  process.stderr.write(`usage: pnpm bench [--runs N] [--pi ${piReleases.join('|')}]\n`)
  process.exit(2)
}

const extension = join(await installExtension(), 'dist/extension.ts')
const [baseline, ...others] = await measureStartUp({ pi: await installPi(release), extension, runs })
if (baseline === undefined) throw new Error('no baseline')
const more = (value: number, base: number) => `${value < base ? '-' : '+'}${Math.abs(value - base).toFixed(0)}`
process.stdout.write(
  formatTable([
    [`pi ${release} -p, medians of ${runs} runs`, 'wall ms', 'CPU ms', 'peak MB'],
    [baseline.name, ...[baseline.wallMs, baseline.cpuMs, baseline.memoryMb].map((value) => value.toFixed(0))],
    ...others.map(({ name, wallMs, cpuMs, memoryMb }) => [
      name,
      more(wallMs, baseline.wallMs),
      more(cpuMs, baseline.cpuMs),
      more(memoryMb, baseline.memoryMb),
    ]),
  ]),
)
const hooks = await measureHotPath()
process.stdout.write(
  `\n${formatTable([
    ['time of the caller', 'median µs', 'p99 µs'],
    ...hooks.map(({ name, medianUs, p99Us }) => [name, medianUs.toFixed(1), p99Us.toFixed(1)]),
  ])}`,
)
