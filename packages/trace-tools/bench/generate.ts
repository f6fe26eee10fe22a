// SPDX-License-Identifier: Apache-2.0
import { readChoice, readCount, runProgram, UsageError } from '@dynamo-agent/bench'
import { parseArgs } from 'node:util'
import type { TraceOptions } from './generator/generate-trace.ts'
import { rowFormats } from './generator/rows.ts'
import { shapes } from './generator/shapes.ts'
import { truthPath, writeTrace } from './generator/write-trace.ts'

const shapeNames = Object.keys(shapes) as (keyof typeof shapes)[]
const generations = Object.keys(rowFormats) as (keyof typeof rowFormats)[]

const usage = `Usage: node packages/trace-tools/bench/generate.ts -o FILE [OPTION…]

Makes up a trace as Dynamo writes it, and FILE.truth.json with what it holds.

Options:
  -o, --output FILE         where the trace goes, compressed if it ends in .gz
      --shape SHAPE         ${shapeNames.join(', ')}
                            Default: coding-agent
      --rows N              Default: 10000
      --seed N              the same seed gives the same bytes
                            Default: 1
      --generation RELEASE  the Dynamo release: ${generations.join(', ')}
                            Default: 1.6
  -h, --help                print this text
`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      output: { type: 'string', short: 'o' },
      shape: { type: 'string', default: 'coding-agent' },
      rows: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      generation: { type: 'string', default: '1.6' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return
  }
  if (values.output === undefined) throw new UsageError('-o FILE is missing')
  const options: TraceOptions = {
    shape: readChoice('--shape', values.shape, shapeNames),
    rows: readCount('--rows', values.rows),
    seed: readCount('--seed', values.seed),
    generation: readChoice('--generation', values.generation, generations),
  }
  await writeTrace(values.output, options)
  process.stdout.write(`${values.output}\n${truthPath(values.output)}\n`)
}

await runProgram(main, usage)
