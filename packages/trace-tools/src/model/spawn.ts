// SPDX-License-Identifier: Apache-2.0
import { CallHash } from '../read/call-hash.ts'
import type { SpawnedBy } from './model-sink.ts'
import { listNames } from './names-in-id.ts'
import type { HashedCall } from './open-calls.ts'
import type { PendingRequest, PendingStart } from './pending.ts'
import type { Provenance } from './trace-model.ts'
import type { Trajectory } from './trajectory.ts'

/** Nothing says that calls which are open at a time are few. */
const MAX_CANDIDATES = 256

/** A tool call of the parent that may have started the child. */
interface Candidate {
  readonly id: HashedCall | undefined
  readonly startMs: number
  /** Infinity where the end is not known yet. */
  readonly endMs: number
  readonly provenance: Provenance
  /** Edges to the trajectories that it started. */
  readonly spawns: readonly number[]
  /** Says where the arrow leaves, which is the call's own affair from then on. */
  readonly leave: (edgeId: number, provenance: Provenance) => SpawnedBy
}

/**
 * What a parent was doing when the first request of a child began, the best
 * founded first:
 *
 * 1. the tool call that the child's id names, as harnesses make it that name a
 *    subagent after the call that started it (`measured`);
 * 2. the tool call that was open then (`derived`; `inferred` where the call
 *    itself is): of those that have not started a child yet, the one that
 *    encloses the child most tightly;
 * 3. the parent's latest request that had ended by then (`inferred`).
 *
 * @param edgeId The id of the edge, should there be one.
 */
export function findSpawn(first: PendingRequest, parent: Trajectory, edgeId: number): SpawnedBy | undefined {
  const candidates = listCandidates(first, parent)
  const named = findNamed(candidates, first, parent)
  if (named !== undefined) return named.leave(edgeId, 'measured')
  const enclosing = findEnclosing(candidates, first)
  if (enclosing !== undefined) return enclosing.leave(edgeId, enclosing.provenance)
  const fromMs = parent.requestEnds.findLast((endMs) => Math.floor(endMs) <= first.startMs)
  if (fromMs === undefined) return undefined
  return { kind: 'past', edgeId, provenance: 'inferred', parent, from: 'request', fromMs }
}

/** The calls that had started by then, as far as they are looked at. */
function listCandidates({ startMs: atMs }: PendingRequest, parent: Trajectory): readonly Candidate[] {
  const { open, pending, asked, waiting } = parent
  const candidates: Candidate[] = []
  const add = (candidate: Candidate): void => {
    if (candidate.startMs <= atMs && candidates.length < MAX_CANDIDATES) candidates.push(candidate)
  }
  const ahead = pending.ahead(MAX_CANDIDATES)
  const ends = new Map<number, number>()
  for (const item of ahead) if (item.kind === 'tool') ends.set(item.low, item.timeMs)

  for (const call of open?.likelySpawners() ?? []) {
    if (candidates.length === MAX_CANDIDATES) break
    add(openCandidate(parent, call, ends.get(call.low)))
  }
  for (const item of ahead) {
    // A call whose start was reported stands among the open ones.
    if (item.kind !== 'tool' || open?.latest(item) !== undefined) continue
    const { startMs, timeMs: endMs, spawns } = item
    add({ id: item, startMs, endMs, provenance: 'derived', spawns, leave: leaveFrom(spawns) })
  }
  const inferences = ahead
    .filter((item) => item.kind === 'inference')
    .map(({ asked: { calls, endMs }, timeMs }) => ({ calls, startMs: endMs, endMs: timeMs }))
  if (asked !== undefined) inferences.push({ calls: asked.calls, startMs: asked.endMs, endMs: Infinity })
  for (const { calls, startMs, endMs } of inferences) {
    for (const call of calls) {
      const id = call.hash
      if (id !== undefined && (ends.has(id.low) || open?.latest(id) !== undefined)) continue
      add({ id, startMs, endMs, provenance: 'inferred', spawns: call.spawns, leave: leaveFromAsked(parent, call.spawns) })
    }
  }
  for (const ended of waiting.latest(MAX_CANDIDATES)) {
    const { startMs, endMs, spawns, edgeId: call } = ended
    const fromMs = Math.max(startMs, Math.min(endMs, atMs))
    const leave: Candidate['leave'] = (edgeId, provenance) => {
      spawns.push(edgeId)
      return { kind: 'past', edgeId, provenance, parent, from: 'tool', fromMs, call }
    }
    const id = ended.asked === undefined ? ended : undefined
    add({ id, startMs, endMs, provenance: 'derived', spawns, leave })
  }
  return candidates
}

function openCandidate({ open }: Trajectory, call: PendingStart, endMs = Infinity): Candidate {
  const { startMs, spawns } = call
  const leave: Candidate['leave'] = (edgeId, provenance) => {
    open?.spawn(call, edgeId)
    return { kind: 'tool', edgeId, provenance }
  }
  return { id: call, startMs, endMs, provenance: 'derived', spawns, leave }
}

/** A call that is settled later takes the ids of its edges along. */
function leaveFrom(spawns: number[]): Candidate['leave'] {
  return (edgeId, provenance) => {
    spawns.push(edgeId)
    return { kind: 'tool', edgeId, provenance }
  }
}

function leaveFromAsked(parent: Trajectory, spawns: number[]): Candidate['leave'] {
  const leave = leaveFrom(spawns)
  return (edgeId, provenance) => {
    parent.hasAskedSpawns = true
    return leave(edgeId, provenance)
  }
}

/** The call with the longest name in the child's id; of several with one id the latest. */
function findNamed(candidates: readonly Candidate[], first: PendingRequest, parent: Trajectory): Candidate | undefined {
  for (const name of listNames(first.trajectory.id)) {
    const { low, high } = new CallHash().ofText(name)
    const open = parent.open?.latest({ low, high })
    if (open !== undefined && open.startMs <= first.startMs) return openCandidate(parent, open)
    const others = candidates.filter(({ id }) => id?.low === low && id.high === high)
    if (others.length > 0) return others.reduce((latest, other) => (other.startMs >= latest.startMs ? other : latest))
  }
  return undefined
}

function findEnclosing(candidates: readonly Candidate[], first: PendingRequest): Candidate | undefined {
  const open = candidates.filter(({ endMs }) => endMs >= first.startMs)
  const fresh = open.filter(({ spawns }) => spawns.length === 0)
  const childEndMs = Math.floor(first.trajectory.endMs)
  let best: Candidate | undefined
  for (const candidate of fresh.length > 0 ? fresh : open) {
    if (best === undefined || isTighter(candidate.endMs, best.endMs, childEndMs)) best = candidate
  }
  return best
}

/** The least time after the child, or the least that is missing where no call lasts as long. */
function isTighter(endMs: number, otherMs: number, childEndMs: number): boolean {
  if (endMs >= childEndMs) return otherMs < childEndMs || endMs < otherMs
  return otherMs < childEndMs && endMs > otherMs
}
