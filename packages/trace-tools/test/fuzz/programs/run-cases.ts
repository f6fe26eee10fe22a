// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Random } from '../../../bench/generator/random.ts'
import { checkCase } from '../check-case.ts'
import { pickLines } from '../corpus.ts'
import { gzipDamages } from '../damage/gzip.ts'
import { textDamages } from '../damage/text.ts'
import type { Damage } from '../fuzz-case.ts'

/** What the program tells the one that started it. */
export type Message =
  /** Sent before each case, so that the one which hangs is known. */
  | { readonly kind: 'case'; readonly seed: number }
  | { readonly kind: 'failure'; readonly seed: number; readonly problem: string }
  /** Memory in use after the first cases and after the last one, garbage collected. */
  | { readonly kind: 'done'; readonly cases: number; readonly bytesBefore: number; readonly bytesAfter: number }

/** Caches and compiled code are there by then. */
const WARM_UP_CASES = 100
const MOST_FAILURES = 5

const damages: Readonly<Record<string, Damage | undefined>> = {
  ...prefixed('text', textDamages),
  ...prefixed('gzip', gzipDamages),
}

/** Runs the cases of one kind of damage: `node run-cases.ts 'text: flipped bytes' SEED [COUNT]`. */
async function main([name = '', firstSeed = '0', count = '1']: readonly string[]): Promise<void> {
  const damage = damages[name]
  if (damage === undefined) throw new Error(`no damage named ${name}; there are ${Object.keys(damages).join(', ')}`)
  const folder = mkdtempSync(join(tmpdir(), 'trace-fuzz-'))
  let bytesBefore = 0
  let failures = 0
  let cases = 0
  try {
    for (; cases < Number(count) && failures < MOST_FAILURES; cases++) {
      const seed = Number(firstSeed) + cases
      if (cases === WARM_UP_CASES) bytesBefore = await measureMemory()
      send({ kind: 'case', seed })
      try {
        const random = new Random(seed)
        await checkCase(damage(random, pickLines(random)), { random, folder })
      } catch (error) {
        failures++
        send({ kind: 'failure', seed, problem: describe(error) })
      }
    }
    send({ kind: 'done', cases, bytesBefore, bytesAfter: await measureMemory() })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** With its parent, or with a person who plays a case again. */
function send(message: Message): void {
  if (process.send !== undefined) process.send(message)
  else if (message.kind === 'failure') process.stdout.write(`${message.seed}: ${message.problem}\n`)
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.name === 'AssertionError' ? error.message : (error.stack ?? error.message)
}

/** What a first collection finds to be free may be given back by the next one only. */
async function measureMemory(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.()
    await setImmediate()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function prefixed(prefix: string, kinds: Readonly<Record<string, Damage>>): Record<string, Damage> {
  return Object.fromEntries(Object.entries(kinds).map(([name, damage]) => [`${prefix}: ${name}`, damage]))
}

await main(process.argv.slice(2))
