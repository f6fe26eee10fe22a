// SPDX-License-Identifier: Apache-2.0
import type { Activity, TraceModel } from '../../model/trace-model.ts'
import { indexEdges, type NumberedEdge } from '../edge-index.ts'
import { toNanoseconds } from './nanoseconds.ts'

/** The ids of the arrows that touch an activity. */
export interface FlowEnds {
  /** For the packet that begins the activity. */
  readonly leaving: readonly bigint[]
  /** Those that can arrive at what begins at this time and have not arrived yet. */
  arrivingBy(timeNs: bigint): readonly bigint[]
}

const none: FlowEnds = { leaving: [], arrivingBy: () => [] }

/**
 * Gives each edge an id of its own: packets that share an id form one chain by
 * time, not a star.
 *
 * The engine turns an arrow around whose target begins before its source. The
 * clocks of harness and frontend differ, and a row's start has whole
 * milliseconds where an end has fractions, so a request may seem to begin
 * before the tool call that it waited for; then the arrow arrives at the first
 * part of the request that begins later, and at none if there is no such part.
 *
 * @param seed Ids start here, so that traces may be concatenated.
 */
export function planFlows(model: Pick<TraceModel, 'edges'>, seed: bigint): (activity: Activity) => FlowEnds {
  const edges = indexEdges(model)
  const idOf = ({ index }: NumberedEdge) => BigInt.asUintN(64, seed + BigInt(index)) || seed
  return (activity) => {
    const leaving = edges.leaving(activity)
    let pending = edges.reaching(activity)
    if (leaving.length === 0 && pending.length === 0) return none
    return {
      leaving: leaving.map(idOf),
      arrivingBy(timeNs) {
        const hasBegun = ({ from }: NumberedEdge) => toNanoseconds(from.startMs) <= timeNs
        const arriving = pending.filter(hasBegun)
        pending = pending.filter((edge) => !hasBegun(edge))
        return arriving.map(idOf)
      },
    }
  }
}
