// SPDX-License-Identifier: Apache-2.0
import { allocate, release } from '../memory'

@unmanaged
export class Edge {
  id: u32
  next: Edge | null
}

/** A tool call, by the hash of its id, and the edges to the trajectories that began during it, in their order. */
@unmanaged
export class Spawner {
  id: u64
  firstEdge: Edge | null
  lastEdge: Edge | null
  edges: u32

  begin(id: u64): void {
    this.id = id
    this.forgetEdges()
  }

  spawn(edgeId: u32): void {
    const edge = changetype<Edge>(allocate(offsetof<Edge>()))
    edge.id = edgeId
    edge.next = null
    this.join(edge, edge, 1)
  }

  takeEdges(other: Spawner): void {
    const first = other.firstEdge
    const last = other.lastEdge
    if (first === null || last === null) return
    this.join(first, last, other.edges)
    other.forgetEdges()
  }

  copyEdges(other: Spawner): void {
    let edge = other.firstEdge
    while (edge !== null) {
      this.spawn(edge.id)
      edge = edge.next
    }
  }

  releaseEdges(): void {
    let edge = this.firstEdge
    while (edge !== null) {
      const next = edge.next
      release(changetype<usize>(edge), offsetof<Edge>())
      edge = next
    }
    this.forgetEdges()
  }

  join(first: Edge, last: Edge, count: u32): void {
    const end = this.lastEdge
    if (end === null) this.firstEdge = first
    else end.next = first
    this.lastEdge = last
    this.edges += count
  }

  forgetEdges(): void {
    this.firstEdge = null
    this.lastEdge = null
    this.edges = 0
  }
}
