// SPDX-License-Identifier: Apache-2.0
import {
  PROVENANCE_INFERRED,
  PROVENANCE_MEASURED,
  SPAWN_BY_PAST_REQUEST,
  SPAWN_BY_PAST_TOOL,
  SPAWN_BY_TOOL,
  SPAWN_CALL,
  SPAWN_EDGE,
  SPAWN_FROM_MS,
  SPAWN_KIND,
  SPAWN_PARENT,
  SPAWN_PROVENANCE,
} from '../../src/model/told'
import { Candidate, candidateAt, candidateCount, ENDED, listCandidates, ONLY_ASKED, OPEN, takeOpenCandidate } from './candidates'
import { tryNames } from './host'
import { latestOpen, removeFresh } from './open-calls'
import { PendingCall, PendingRequest, PendingStart } from './pending'
import { takeEdge } from './settle-calls'
import { tell } from './telling'
import { Trajectory } from './trajectory'

/**
 * Tells what a parent was doing when the first request of a child began, the
 * best founded first:
 *
 * 1. the tool call that the child's id names, as harnesses make it that name a
 *    subagent after the call that started it (`measured`);
 * 2. the tool call that was open then (`derived`; `inferred` where the call
 *    itself is): of those that have not started a child yet, the one that
 *    encloses the child most tightly;
 * 3. the parent's latest request that had ended by then (`inferred`).
 */
export function findSpawn(child: Trajectory, first: PendingRequest, parent: Trajectory): void {
  const atMs = first.startMs
  listCandidates(parent, atMs)
  namedAtMs = atMs
  namedIn = parent
  named = null
  tryNames(child.index)
  const byName = named
  if (byName !== null) {
    byName.provenance = PROVENANCE_MEASURED
    leave(byName, parent, atMs)
    return
  }
  const enclosing = findEnclosing(atMs, Math.floor(child.endMs))
  if (enclosing !== null) {
    leave(enclosing, parent, atMs)
    return
  }
  const fromMs = parent.endBy(atMs)
  if (isNaN(fromMs)) return
  tellEdge(SPAWN_BY_PAST_REQUEST, PROVENANCE_INFERRED)
  tell(SPAWN_PARENT, parent.index)
  tell(SPAWN_FROM_MS, fromMs)
}

/** The call that leaves takes the id of the edge along, which is its own affair from then on. */
function leave(candidate: Candidate, parent: Trajectory, atMs: f64): void {
  const isPast = candidate.kind === ENDED
  const edge = tellEdge(isPast ? SPAWN_BY_PAST_TOOL : SPAWN_BY_TOOL, candidate.provenance)
  candidate.call.spawn(edge)
  if (candidate.kind === OPEN) removeFresh(changetype<PendingStart>(candidate.call))
  if (candidate.kind === ONLY_ASKED) parent.hasAskedSpawns = true
  if (!isPast) return
  tell(SPAWN_PARENT, parent.index)
  tell(SPAWN_FROM_MS, max(candidate.startMs, min(candidate.endMs, atMs)))
  tell(SPAWN_CALL, changetype<PendingCall>(candidate.call).edgeId)
}

function tellEdge(kind: i32, provenance: i32): u32 {
  const edge = takeEdge()
  tell(SPAWN_KIND, kind)
  tell(SPAWN_EDGE, edge)
  tell(SPAWN_PROVENANCE, provenance)
  return edge
}

/** The call that the id of the child names: tryNames() looks for it. */
let named: Candidate | null = null
let namedIn: Trajectory = changetype<Trajectory>(0)
let namedAtMs: f64 = 0

/**
 * Whether a call has this id that the child's id may name; of several with one id it is the latest.
 */
export function tryName(low: u32, high: u32): bool {
  const id = <u64>low | (<u64>high << 32)
  const open = latestOpen(namedIn, id)
  if (open !== null && open.startMs <= namedAtMs) {
    named = takeOpenCandidate(open)
    return true
  }
  for (let index: u32 = 0; index < candidateCount; index++) {
    const candidate = candidateAt(index)
    if (!candidate.hasId || candidate.call.id !== id) continue
    const latest = named
    if (latest === null || candidate.startMs >= latest.startMs) named = candidate
  }
  return named !== null
}

function findEnclosing(atMs: f64, childEndMs: f64): Candidate | null {
  let best: Candidate | null = null
  for (let index: u32 = 0; index < candidateCount; index++) {
    const candidate = candidateAt(index)
    if (!(candidate.endMs >= atMs)) continue
    if (best === null) best = candidate
    else if (isFresh(candidate) !== isFresh(best)) best = isFresh(candidate) ? candidate : best
    else if (isTighter(candidate.endMs, best.endMs, childEndMs)) best = candidate
  }
  return best
}

/** It has started no child yet. */
function isFresh(candidate: Candidate): bool {
  return candidate.call.edges === 0
}

/** The least time after the child, or the least that is missing where no call lasts as long. */
function isTighter(endMs: f64, otherMs: f64, childEndMs: f64): bool {
  if (endMs >= childEndMs) return otherMs < childEndMs || endMs < otherMs
  return otherMs < childEndMs && endMs > otherMs
}
