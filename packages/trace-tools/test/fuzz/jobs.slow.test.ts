// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Random } from '../../bench/generator/random.ts'
import { convertTrace } from '../../src/index.ts'
import { generated } from '../support/generated-trace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { gzipDamages } from './damage/gzip.ts'
import { textDamages } from './damage/text.ts'

const cases = [
  { shape: 'coding-agent', damage: textDamages['flipped bytes'] },
  { shape: 'swarm', damage: textDamages['garbage lines'] },
  { shape: 'deep', damage: textDamages['lines in any order and twice'] },
  { shape: 'swarm', damage: gzipDamages['a damaged member'] },
  { shape: 'coding-agent', damage: gzipDamages['a torn end'] },
] as const

/** Other threads take part. */
const threadsAfterBytes = 1024 * 1024

describe('a damaged trace of some megabytes, several of them at once', () => {
  it.each(cases)('gives the same timeline with one job and with two ($damage.name, $shape)', async ({ damage, shape }) => {
    const folder = temporaryFolder()
    const inputs = [1, 2, 3].map((part) => {
      const { lines } = generated({ shape, rows: 4000 * part, seed: part })
      const input = join(folder, `part-${part}`)
      writeFileSync(input, damage(new Random(part), lines).bytes)
      return input
    })
    const [one, two] = await Promise.all(
      [1, 2].map(async (jobs) => {
        const conversion = { inputs, output: join(folder, `timeline-${jobs}`), jobs, threadsAfterBytes }
        const { census, summary } = await convertTrace(conversion)
        return { census, summary, timeline: readFileSync(conversion.output) }
      }),
    )
    expect(one?.census).toEqual(two?.census)
    expect(one?.summary).toEqual(two?.summary)
    expect(one?.timeline.equals(two?.timeline ?? Buffer.alloc(0))).toBe(true)
  })
})
