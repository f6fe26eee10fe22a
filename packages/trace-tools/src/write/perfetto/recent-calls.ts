// SPDX-License-Identifier: Apache-2.0
import type { Lane } from './event-module.ts'

/** The trajectory that a call started is seldom known so long after the call. */
const REMEMBERED = 1024

/** Remembers where tool calls were drawn of late. */
export class RecentCalls {
  readonly #edgeIds = new Float64Array(REMEMBERED)
  readonly #lanes: (Lane | undefined)[] = Array.from({ length: REMEMBERED })

  /** @param edgeId The call's own: they are given in order, so the latest calls have places of their own. */
  remember(edgeId: number, lane: Lane): void {
    const place = edgeId % REMEMBERED
    this.#edgeIds[place] = edgeId
    this.#lanes[place] = lane
  }

  /** The lane of a call; undefined where it is forgotten. */
  laneOf(edgeId: number | undefined): Lane | undefined {
    const place = (edgeId ?? 0) % REMEMBERED
    return this.#edgeIds[place] === edgeId ? this.#lanes[place] : undefined
  }
}
