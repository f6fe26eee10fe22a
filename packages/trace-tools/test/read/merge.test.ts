// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { mergeByTime } from '../../src/read/merge.ts'

interface Item {
  readonly name: string
  readonly timeMs?: number
}

interface Log {
  readonly items: string[]
  mostOpen: number
  closed: number
}

/** Sources as the times of their items; the name of an item tells its source and place. */
async function merge(sources: readonly (readonly (number | undefined)[])[], stopAfter = Infinity): Promise<Log> {
  const log: Log = { items: [], mostOpen: 0, closed: 0 }
  let open = 0
  const timed = sources.map((times, source) => ({
    startMs: times[0] ?? -Infinity,
    async *open(): AsyncGenerator<Item, void, undefined> {
      log.mostOpen = Math.max(log.mostOpen, ++open)
      try {
        for (const [place, timeMs] of times.entries()) {
          yield await Promise.resolve({ name: `${'abcdef'.charAt(source)}${place}`, ...(timeMs !== undefined && { timeMs }) })
        }
      } finally {
        open--
        log.closed++
      }
    },
  }))
  for await (const { name } of mergeByTime(timed, ({ timeMs }) => timeMs)) {
    log.items.push(name)
    if (log.items.length === stopAfter) break
  }
  return log
}

describe('mergeByTime', () => {
  it.each<[string, (number | undefined)[][], string]>([
    ['one source as it is', [[3, 1, 2]], 'a0 a1 a2'],
    ['sources one after the other', [[5, 6], [1, 2]], 'b0 b1 a0 a1'],
    ['sources that overlap in turns', [[1, 4, 5], [2, 3, 6]], 'a0 b0 b1 a1 a2 b2'],
    ['the first source first where times are the same', [[1, 1], [1, 1]], 'a0 a1 b0 b1'],
    ['items without a time at once', [[2, 9], [undefined, 3, undefined]], 'b0 a0 b1 b2 a1'],
    ['nothing', [[], []], ''],
  ])('gives %s', async (_name, sources, expected) => {
    expect((await merge(sources)).items.join(' ')).toBe(expected)
  })

  it('opens a source when its time has come, not before', async () => {
    const { mostOpen, closed } = await merge([[1, 2], [5, 6], [3, 4], [7, 8]])
    expect({ mostOpen, closed }).toEqual({ mostOpen: 1, closed: 4 })
  })

  it('closes what is open when the reader stops early', async () => {
    const { items, closed } = await merge([[1, 4], [2, 3], [9]], 3)
    expect(items).toEqual(['a0', 'b0', 'b1'])
    expect(closed).toBe(2)
  })
})
