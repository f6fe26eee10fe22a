// SPDX-License-Identifier: Apache-2.0
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { generate } from './calls.ts'
import type { Subject } from './subjects.ts'

/** Bytes that live after so many calls, each in a session of its own. */
export interface HeapFigures {
  readonly name: string
  readonly beforeBytes: number
  readonly afterBytes: number
}

/** Fills what is bounded: memories of sessions, caches, connections. */
const WARM_UP_CALLS = 2000

export async function measureHeap({ name, model, enter }: Subject, calls: number): Promise<HeapFigures> {
  const registration = enter?.()
  let session = 0
  const ask = async (count: number) => {
    for (let call = 0; call < count; call++) await generate(model, `chat-${session++}`)
  }
  await ask(WARM_UP_CALLS)
  const beforeBytes = await liveBytes()
  await ask(calls)
  const afterBytes = await liveBytes()
  await registration?.close()
  return { name, beforeBytes, afterBytes }
}

async function liveBytes(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let time = 0; time < 3; time++) {
    // What has to be written, and finalizers, have a turn.
    await new Promise((resolve) => setTimeout(resolve, 1200))
    collect()
  }
  return process.memoryUsage().heapUsed
}
