// SPDX-License-Identifier: Apache-2.0
import { createNamedCallFinder } from './named-call.ts'
import { insertSorted, lowerBound, upperBound } from './search.ts'
import type { Edge, Request, ToolSpan, Trajectory } from './trace-model.ts'

interface Child {
  readonly trajectory: Trajectory
  readonly first: Request
}

/**
 * From what a parent trajectory was doing to the first request of each of its
 * children, the best founded first:
 *
 * 1. the tool call that the child's id names (`measured`);
 * 2. the tool call that was open when the child began (`derived`; `inferred`
 *    where the call itself is);
 * 3. the parent's latest request that had ended by then (`inferred`).
 */
export function findSpawnEdges(parent: Trajectory, children: readonly Trajectory[]): Edge[] {
  const edges: Edge[] = []
  const findNamedCall = createNamedCallFinder(parent.toolCalls)
  const unnamed: Child[] = []
  const named = new Set<ToolSpan>()

  for (const child of beginnings(children)) {
    const call = findNamedCall(child.trajectory.id, child.first.startMs)
    if (call === undefined) {
      unnamed.push(child)
    } else {
      named.add(call)
      edges.push({ kind: 'spawn', from: call, to: child.first, provenance: 'measured' })
    }
  }

  const openCalls = createOpenCalls(parent.toolCalls, named)
  const requestsByEnd = parent.requests.toSorted((a, b) => a.endMs - b.endMs)
  for (const { trajectory, first } of unnamed) {
    const call = openCalls.take(first.startMs, trajectory.endMs)
    if (call !== undefined) {
      const provenance = call.timing === 'inferred' ? 'inferred' : 'derived'
      edges.push({ kind: 'spawn', from: call, to: first, provenance })
      continue
    }
    const request = requestsByEnd[upperBound(requestsByEnd, first.startMs, wholeEndMs) - 1]
    if (request !== undefined) edges.push({ kind: 'spawn', from: request, to: first, provenance: 'inferred' })
  }
  return edges
}

function beginnings(children: readonly Trajectory[]): Child[] {
  return children
    .flatMap((trajectory) => trajectory.requests.slice(0, 1).map((first) => ({ trajectory, first })))
    .sort((a, b) => a.first.startMs - b.first.startMs)
}

/**
 * The calls that are open at a time that only moves forward. A call that
 * encloses the whole child and leaves the least time after it is the best
 * match; each is given to one child as long as there are others.
 *
 * @param toolCalls By start.
 */
function createOpenCalls(toolCalls: readonly ToolSpan[], taken: ReadonlySet<ToolSpan>) {
  const fresh: ToolSpan[] = []
  const used: ToolSpan[] = []
  let next = 0

  const advance = (timeMs: number): void => {
    for (let call = toolCalls[next]; call !== undefined && call.startMs <= timeMs; call = toolCalls[++next]) {
      insertSorted(taken.has(call) ? used : fresh, call, openUntil)
    }
    for (const calls of [fresh, used]) calls.splice(0, lowerBound(calls, timeMs, openUntil))
  }

  return {
    take(startMs: number, endMs: number): ToolSpan | undefined {
      advance(startMs)
      const pool = fresh.length > 0 ? fresh : used
      const index = Math.min(lowerBound(pool, Math.floor(endMs), openUntil), pool.length - 1)
      const call = pool[index]
      if (call !== undefined && pool === fresh) {
        fresh.splice(index, 1)
        insertSorted(used, call, openUntil)
      }
      return call
    },
  }
}

/** Starts are whole milliseconds, so an end within the same one counts as before. */
function wholeEndMs(request: Request): number {
  return Math.floor(request.endMs)
}

function openUntil(call: ToolSpan): number {
  return call.timing === 'unended' ? Infinity : call.endMs
}
