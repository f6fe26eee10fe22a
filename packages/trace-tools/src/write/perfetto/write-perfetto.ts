// SPDX-License-Identifier: Apache-2.0
import type { Session, TraceModel } from '../../model/trace-model.ts'
import type { TimelineOptions } from '../timeline-options.ts'
import { countActivities } from './counters.ts'
import { drawTrajectory, type DrawingContext } from './draw-trajectory.ts'
import { planFlows } from './flows.ts'
import { hash64 } from './identifiers.ts'
import { toNanoseconds } from './nanoseconds.ts'
import { createPacketWriter, type PacketWriter, type Track } from './packet-writer.ts'
import { counterTrack, rootTrack, sessionTrack, trajectoryTrack } from './tracks.ts'

/** What a Perfetto timeline shows, and in what pieces it is written. */
export interface PerfettoOptions extends TimelineOptions {
  /**
   * Draw how many requests and tool calls were in flight, and the router's queue.
   * @defaultValue true
   */
  readonly counters?: boolean
  /**
   * Bytes that each piece of the output but the last one holds at least.
   * @defaultValue 262144
   */
  readonly chunkBytes?: number
}

/**
 * Writes a model as a native Perfetto trace (`.pftrace`), piece by piece. The
 * same model gives the same bytes. A file that was cut off loads up to there,
 * and files of different traces may be concatenated.
 *
 * Times are epoch nanoseconds. Each session is a tree: its trajectories, a
 * child below its parent, and in each of them lanes of requests and tool calls.
 */
export function* writePerfetto(model: TraceModel, options: PerfettoOptions = {}): Generator<Uint8Array, void> {
  const { stages = true, markers = true, flows = true, counters = true, chunkBytes = 1 << 18 } = options
  const startMs = model.interval?.startMs ?? 0
  const seed = hash64('trace', model.sessions[0]?.id ?? '', String(startMs))
  const packets = createPacketWriter(Number(BigInt.asUintN(31, seed)) || 1)
  const flowsOf = planFlows(flows ? model : { edges: [] }, seed)

  for (const _ of draw()) if (packets.buffer.length >= chunkBytes) yield packets.buffer.take()
  if (packets.buffer.length > 0) yield packets.buffer.take()

  function* draw(): Generator<undefined, void> {
    packets.clock(toNanoseconds(startMs))
    packets.track(rootTrack)
    let rank = counters ? yield* drawCounters(packets, model) : 0
    for (const session of model.sessions) yield* drawSession({ packets, flowsOf, stages, markers }, session, rank++)
  }
}

/** @returns How many tracks it made. */
function* drawCounters(packets: PacketWriter, model: TraceModel): Generator<undefined, number> {
  const counters = countActivities(model)
  for (const [rank, { name, unit, points }] of counters.entries()) {
    const track = counterTrack(name, unit, rank)
    packets.track(track)
    for (const { timeMs, value } of points) {
      packets.counter({ track, timeNs: toNanoseconds(timeMs) }, value)
      yield
    }
  }
  return counters.length
}

function* drawSession(context: DrawingContext, session: Session, rank: number): Generator<undefined, void> {
  const top = sessionTrack(session, rank)
  context.packets.track(top)
  // How many tracks stand below a track so far: the rank of the next one.
  const childCounts = new Map<Track, number>()
  const tracks = new Map<string, Track>()

  for (const trajectory of session.trajectories) {
    // Requests without a session have no trajectory either, so their lanes hang on the session's own track.
    let track = top
    if (session.id !== undefined) {
      const parent = tracks.get(trajectory.parentId ?? '') ?? top
      const place = childCounts.get(parent) ?? 0
      childCounts.set(parent, place + 1)
      track = trajectoryTrack(session, trajectory, { parent, rank: place })
      context.packets.track(track)
    }
    tracks.set(trajectory.id, track)
    childCounts.set(track, yield* drawTrajectory(context, { session, trajectory, track }))
  }
}
