// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { calls, done, named, twoRequests, type Situation } from './situation.ts'

/** A tool that has the call aborted as soon as it runs, and what then. */
export function abortedTool(then: (signal: AbortSignal) => unknown) {
  const controller = new AbortController()
  const tools = named('wait', (_input, { abortSignal }: { abortSignal: AbortSignal }) => {
    setImmediate(() => {
      controller.abort()
    })
    return then(abortSignal)
  })
  return { tools, options: { abortSignal: controller.signal } }
}

export const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error)
    })
  })

/** Calls that somebody, or a time limit, stops. */
export const aborts: readonly Situation[] = [
  {
    name: 'generateText aborted, a tool that heeds it',
    turns: [calls('wait'), done],
    play: async ({ generate }) => {
      const { tools, options } = abortedTool(untilAborted)
      await expect(generate(tools, options)).rejects.toThrow()
    },
    told: ['request', 'wait running, cancelled'],
  },
  {
    name: 'streamText aborted, a tool that heeds it',
    turns: [calls('wait'), done],
    play: async ({ stream }) => {
      const { tools, options } = abortedTool(untilAborted)
      await stream(tools, options).consumeStream()
    },
    told: ['request', 'wait running, cancelled'],
  },
  {
    name: 'generateText aborted, a tool that does not heed it',
    turns: [calls('wait'), done],
    play: async ({ generate }) => {
      const { tools, options } = abortedTool(() => delay(20, 'after all'))
      await expect(generate(tools, options)).rejects.toThrow()
    },
    told: ['request', 'wait running, succeeded'],
  },
  {
    name: 'streamText aborted, a tool that does not heed it',
    turns: [calls('wait'), done],
    play: async ({ stream }) => {
      const { tools, options } = abortedTool(() => delay(20, 'after all'))
      await stream(tools, options).consumeStream()
    },
    told: ['request', 'wait running, succeeded'],
  },
  {
    name: 'a tool that takes longer than it may (timeout.toolMs)',
    turns: [calls('wait'), done],
    play: ({ generate }) =>
      generate(
        named('wait', (_input, { abortSignal }: { abortSignal?: AbortSignal }) =>
          Promise.race([delay(200, 'late'), ...(abortSignal ? [untilAborted(abortSignal)] : [])]),
        ),
        { timeout: { toolMs: 20 } },
      ),
    // ai@6 knows no such limit.
    told: ({ major }) => [
      ...twoRequests,
      major === 6 ? 'wait running, succeeded' : 'wait running, error TimeoutError',
    ],
  },
]
