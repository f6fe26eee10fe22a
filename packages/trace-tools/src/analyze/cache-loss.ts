// SPDX-License-Identifier: Apache-2.0
import type { Request, TraceModel, Trajectory } from '../model/trace-model.ts'

/** A turn that had to compute anew what a worker had computed for the turn before it. */
export interface CacheLoss {
  readonly trajectoryId: string
  readonly request: Request
  /** Input tokens that the turn before had left in a worker's cache, in whole blocks. */
  readonly expectedTokens: number
  readonly cachedTokens: number
  /** Another worker served the turn before; else its blocks were evicted, or nobody can tell. */
  readonly reason: 'worker changed' | 'evicted or unknown'
}

/** A turn counts as lost when it reused less than this part of what it could have. */
const LOST_BELOW = 0.5

/**
 * What counts as a block where rows do not tell its size: hosted services
 * report no cached tokens below this many, so less would be a false alarm.
 */
const UNKNOWN_BLOCK_TOKENS = 1024

/**
 * Finds the turns that lost their cache. A turn can reuse the input and output
 * of the turn before, as far as its own input goes on from there; where rows
 * carry block hashes, these say how far it does, so that a prompt which the
 * harness rewrote does not count as lost.
 */
export function findCacheLosses(model: TraceModel): CacheLoss[] {
  return model.sessions
    .filter((session) => session.id !== undefined)
    .flatMap((session) => session.trajectories.flatMap(findInTrajectory))
}

function findInTrajectory({ id, requests }: Trajectory): CacheLoss[] {
  const losses: CacheLoss[] = []
  for (const [index, request] of requests.entries()) {
    const before = requests[index - 1]
    const { cachedTokens } = request.record.request
    if (before === undefined || cachedTokens === undefined || before.endMs > request.startMs + 1) continue
    const expectedTokens = countReusableTokens(before, request)
    if (cachedTokens >= expectedTokens * LOST_BELOW) continue
    const reason = isOtherWorker(before, request) ? 'worker changed' : 'evicted or unknown'
    losses.push({ trajectoryId: id, request, expectedTokens, cachedTokens, reason })
  }
  return losses
}

function countReusableTokens(before: Request, request: Request): number {
  const { inputTokens: tokensBefore, outputTokens = 0, replay: replayBefore } = before.record.request
  const { inputTokens, replay } = request.record.request
  if (tokensBefore === undefined || inputTokens === undefined) return 0
  const blockSize = Math.max(1, replay?.blockSize ?? replayBefore?.blockSize ?? UNKNOWN_BLOCK_TOKENS)
  const goesOn = Math.floor(Math.min(tokensBefore + outputTokens, inputTokens) / blockSize) * blockSize
  if (replayBefore === undefined || replay === undefined) return goesOn
  const wholeBlocksBefore = Math.floor(tokensBefore / blockSize)
  const sharedBlocks = countSharedBlocks(replayBefore.hashText, replay.hashText)
  return sharedBlocks < wholeBlocksBefore ? sharedBlocks * blockSize : goesOn
}

/** How many hashes two lists begin with alike; compared as they stand in the rows. */
function countSharedBlocks(a: string, b: string): number {
  let blocks = 0
  for (let index = 0; index < a.length && a[index] === b[index]; index++) {
    if (a[index] === ',') blocks++
  }
  return a !== '' && (a === b || b.startsWith(`${a},`) || a.startsWith(`${b},`)) ? blocks + 1 : blocks
}

/** Whether both tell their workers and these differ; the ranks of a worker have caches of their own. */
function isOtherWorker(a: Request, b: Request): boolean {
  const first = a.record.request.worker
  const second = b.record.request.worker
  if (first === undefined || second === undefined) return false
  return (
    first.prefillWorkerId !== second.prefillWorkerId ||
    first.prefillDpRank !== second.prefillDpRank ||
    first.decodeWorkerId !== second.decodeWorkerId
  )
}
