// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Dynamo } from './start-dynamo.ts'

/** What a Dynamo has on record, once it has written something and nothing more for a second. */
export async function settledTrace({ traceFolder }: Dynamo): Promise<string> {
  let text = ''
  for (let stable = 0; stable < 5; ) {
    await sleep(200)
    const next = await readFile(join(traceFolder, 'trace.jsonl'), 'utf8').catch(() => '')
    stable = next === text && next !== '' ? stable + 1 : 0
    text = next
  }
  return text
}
