// SPDX-License-Identifier: Apache-2.0

/** Something that gives items in order of time, nearly. */
export interface TimedSource<Item> {
  /** When its first item begins; opened at once where that is -Infinity. */
  readonly startMs: number
  open(): AsyncIterator<Item, void, undefined>
}

interface OpenSource<Item> {
  readonly iterator: AsyncIterator<Item, void, undefined>
  head: { readonly item: Item; readonly timeMs: number } | undefined
}

/**
 * Puts items of several sources in order: always the one that begins first
 * among those that come next, of the earlier source where two begin together.
 * A source is opened when its time has come, so that segments that follow each
 * other are not all open at once. Items without a time come as soon as they
 * are seen.
 */
export async function* mergeByTime<Item>(
  sources: readonly TimedSource<Item>[],
  timeOf: (item: Item) => number | undefined,
): AsyncGenerator<Item, void, undefined> {
  const waiting = sources.toSorted((a, b) => (a.startMs < b.startMs ? -1 : a.startMs > b.startMs ? 1 : 0))
  const open: OpenSource<Item>[] = []

  async function* advance(source: OpenSource<Item>): AsyncGenerator<Item, void, undefined> {
    source.head = undefined
    for (;;) {
      const next = await source.iterator.next()
      if (next.done === true) {
        open.splice(open.indexOf(source), 1)
        return
      }
      const timeMs = timeOf(next.value)
      if (timeMs !== undefined) {
        source.head = { item: next.value, timeMs }
        return
      }
      yield next.value
    }
  }

  try {
    for (;;) {
      const earliest = findEarliest(open)
      const [next] = waiting
      if (next !== undefined && (earliest?.head === undefined || next.startMs <= earliest.head.timeMs)) {
        waiting.shift()
        const source: OpenSource<Item> = { iterator: next.open(), head: undefined }
        open.push(source)
        yield* advance(source)
      } else if (earliest?.head !== undefined) {
        yield earliest.head.item
        yield* advance(earliest)
      } else {
        return
      }
    }
  } finally {
    for (const { iterator } of open) await iterator.return?.()
  }
}

function findEarliest<Item>(open: readonly OpenSource<Item>[]): OpenSource<Item> | undefined {
  let earliest: OpenSource<Item> | undefined
  for (const source of open) {
    if (source.head === undefined) continue
    if (earliest?.head === undefined || source.head.timeMs < earliest.head.timeMs) earliest = source
  }
  return earliest
}
