// SPDX-License-Identifier: Apache-2.0
import { requestText } from '../../read/columns.ts'
import { textOf, type RowReference } from '../../read/row-batch.ts'
import type { LaneSet } from './event-module.ts'
import { REQUEST_LANES } from './lane-kinds.ts'
import type { Packets } from './packets.ts'
import { rank, rootTrack } from './trace-tracks.ts'
import { TrackId } from './track-id.ts'

/** Lanes of requests by the worker that served them. */
export class WorkerTracks {
  readonly #packets: Packets
  readonly #root = TrackId.of('workers')
  readonly #lanes = new Map<string | undefined, LaneSet>()

  constructor(packets: Packets) {
    this.#packets = packets
  }

  /** The lanes of the worker that decoded a request; where nothing says which one, of the one that did its prefill. */
  lanesOf(row: RowReference): LaneSet {
    const worker = textOf(row, requestText.decodeWorkerId) ?? textOf(row, requestText.prefillWorkerId)
    let lanes = this.#lanes.get(worker)
    if (lanes === undefined) {
      const { low, high } = this.#describe(worker)
      lanes = this.#packets.events.createLaneSet(REQUEST_LANES, low, high)
      this.#lanes.set(worker, lanes)
    }
    return lanes
  }

  #describe(worker: string | undefined): TrackId {
    const packets = this.#packets
    const parent = this.#root
    if (this.#lanes.size === 0) {
      packets.track({ id: parent, name: 'Workers', parent: rootTrack.id, rank: rank.workers })
    }
    const id = worker === undefined ? TrackId.of('no worker') : TrackId.of('worker', worker)
    const name = worker === undefined ? 'requests without a worker' : `worker ${worker}`
    packets.track({ id, name, parent, rank: this.#lanes.size })
    return id
  }
}
