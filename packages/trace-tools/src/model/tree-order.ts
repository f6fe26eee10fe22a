// SPDX-License-Identifier: Apache-2.0
import { groupBy } from './group-by.ts'
import { byStart } from './interval.ts'
import type { Interval } from './trace-model.ts'

interface Node extends Interval {
  readonly id: string
  readonly parentId?: string | undefined
}

/** A node at its place in the tree. */
export interface Placed<Item> {
  readonly node: Item
  readonly depth: number
  /** The node is a root although it names a parent here: the parents form a ring, which is cut at this node. */
  readonly cut: boolean
}

/**
 * Puts trajectories in tree order: each parent before its children, children
 * by start. One whose parent is not among them is a root. Parents that form a
 * ring are met in damaged traces: the ring is cut at its first node.
 */
export function inTreeOrder<Item extends Node>(nodes: readonly Item[]): Placed<Item>[] {
  const ids = new Set(nodes.map((node) => node.id))
  const sorted = nodes.toSorted(byStart)
  const children = groupBy(sorted, (node) =>
    node.parentId !== undefined && ids.has(node.parentId) ? node.parentId : undefined,
  )
  const placed: Placed<Item>[] = []
  const visited = new Set<Item>()

  const placeTree = (root: Item, cut: boolean): void => {
    // A stack instead of recursion: traces may nest deeper than the call stack goes.
    const stack: Placed<Item>[] = [{ node: root, depth: 0, cut }]
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (visited.has(next.node)) continue
      visited.add(next.node)
      placed.push(next)
      const depth = next.depth + 1
      for (const child of children.get(next.node.id)?.toReversed() ?? []) stack.push({ node: child, depth, cut: false })
    }
  }
  for (const root of children.get(undefined) ?? []) placeTree(root, false)
  for (const node of sorted) if (!visited.has(node)) placeTree(node, true)
  return placed
}
