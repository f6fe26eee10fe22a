// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:os'
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { interruptible } from '../src/interruptible.ts'
import { createOutput } from '../src/output.ts'

const output = createOutput(new PassThrough(), new PassThrough())
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('aborted'))
    })
  })

describe.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s', (name) => {
  test('ends the work, and is its exit code', async () => {
    const listeners = process.listenerCount(name)
    const code = await interruptible(output, async (signal) => {
      const ended = untilAborted(signal)
      process.emit(name)
      return await ended
    })
    expect(code).toBe(128 + constants.signals[name])
    expect(process.listenerCount(name)).toBe(listeners)
  })

  test('does not end a part that handles it itself', async () => {
    const code = await interruptible(output, async (signal, shield) => {
      await shield(async () => {
        process.emit(name)
        await Promise.resolve()
      })
      return signal.aborted ? 1 : 0
    })
    expect(code).toBe(0)
  })

  test('that comes a second time has nobody left to wait for', async () => {
    const listeners = process.listenerCount(name)
    await interruptible(output, (signal) => {
      process.emit(name)
      expect([signal.aborted, process.listenerCount(name)]).toEqual([true, listeners])
      return Promise.resolve(0)
    })
  })
})
