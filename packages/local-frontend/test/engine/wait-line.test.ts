// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { createWaitLine } from '../../src/engine/wait-line.ts'

const never = new AbortController().signal

async function playOut(line: ReturnType<typeof createWaitLine<string, string>>): Promise<void> {
  while (line.call((item) => item));
  await Promise.resolve()
}

test('equal priorities go in order of arrival, higher ones before them', async () => {
  const line = createWaitLine<string, string>()
  const order: string[] = []
  const join = async (item: string, priority = 0) => {
    order.push(await line.wait(item, { signal: never, priority }))
  }
  const waiting = [join('a'), join('b'), join('urgent', 5), join('c'), join('late', -1), join('urgent too', 5)]
  expect(line.length).toBe(6)
  await playOut(line)
  await Promise.all(waiting)
  expect(order).toEqual(['urgent', 'urgent too', 'a', 'b', 'c', 'late'])
  expect(line.length).toBe(0)
})

test('an aborted one leaves and rejects with the reason', async () => {
  const line = createWaitLine<string, string>()
  const abort = new AbortController()
  const gone = line.wait('gone', { signal: abort.signal })
  const stays = line.wait('stays', { signal: never })
  abort.abort(new Error('the client left'))
  await expect(gone).rejects.toThrow('the client left')
  expect(line.length).toBe(1)
  expect(line.call((item) => item)).toBe(true)
  await expect(stays).resolves.toBe('stays')
})

test('one whose signal is aborted already does not join', async () => {
  const line = createWaitLine<string, string>()
  await expect(line.wait('late', { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone')
  expect(line.length).toBe(0)
})

test('one that gets no turn keeps its place', () => {
  const line = createWaitLine<string, string>()
  void line.wait('first', { signal: never })
  expect(line.call(() => undefined)).toBe(false)
  expect(line.length).toBe(1)
})

test('an abort that reaches many does not hand a turn to one it has still to reach', async () => {
  const line = createWaitLine<string, string>()
  const abort = new AbortController()
  abort.signal.addEventListener('abort', () => line.call((item) => item))
  const outcomes = Promise.allSettled([
    line.wait('a', { signal: abort.signal }),
    line.wait('b', { signal: abort.signal }),
    line.wait('c', { signal: never }),
  ])
  abort.abort()
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
})
