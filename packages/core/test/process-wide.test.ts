// SPDX-License-Identifier: Apache-2.0
import { expect, it, onTestFinished, vi } from 'vitest'
import { processWide } from '../src/index.ts'

it('gives every copy of a module the value of the one that came first', async () => {
  const key = Symbol.for('dynamo-agent.test')
  onTestFinished(() => void Reflect.deleteProperty(globalThis, key))
  vi.resetModules()
  const copy = await import('../src/process-wide.ts')
  expect(copy.processWide).not.toBe(processWide)
  const first = processWide(key, () => ({ by: 'the first' }))
  expect(copy.processWide(key, () => ({ by: 'the second' }))).toBe(first)
})
