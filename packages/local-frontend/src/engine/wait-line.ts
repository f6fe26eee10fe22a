// SPDX-License-Identifier: Apache-2.0

/** Those who wait for a turn; one whose signal aborts leaves the line. */
export interface WaitLine<Item, Turn> {
  /** Resolves when `call` reaches this item; rejects with the signal's reason. */
  wait(item: Item, options: { readonly signal: AbortSignal; readonly priority?: number }): Promise<Turn>
  /**
   * Gives the first in the line its turn.
   *
   * @returns false when nobody waits or `turn` has none to give.
   */
  call(turn: (item: Item) => Turn | undefined): boolean
  readonly length: number
}

/** Higher priorities go first, equal ones in order of arrival. */
export function createWaitLine<Item, Turn>(): WaitLine<Item, Turn> {
  interface Place {
    readonly item: Item
    readonly priority: number
    readonly signal: AbortSignal
    readonly take: (turn: Turn) => void
  }
  const places: Place[] = []

  return {
    async wait(item, { signal, priority = 0 }) {
      signal.throwIfAborted()
      return await new Promise<Turn>((resolve, reject) => {
        const leave = () => {
          places.splice(places.indexOf(place), 1)
          reject(signal.reason as Error)
        }
        const place: Place = {
          item,
          priority,
          signal,
          take(turn) {
            signal.removeEventListener('abort', leave)
            resolve(turn)
          },
        }
        signal.addEventListener('abort', leave, { once: true })
        places.splice(places.findLastIndex((other) => other.priority >= priority) + 1, 0, place)
      })
    },
    call(turn) {
      // While one abort reaches many callers, some of them still stand here with their signal aborted.
      const next = places.findIndex((place) => !place.signal.aborted)
      const place = places[next]
      const given = place && turn(place.item)
      if (given === undefined) return false
      places.splice(next, 1)
      place?.take(given)
      return true
    },
    get length() {
      return places.length
    },
  }
}
