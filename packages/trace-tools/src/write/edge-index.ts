// SPDX-License-Identifier: Apache-2.0
import type { Activity, Edge, TraceModel } from '../model/trace-model.ts'

/** An edge with its place among all edges of the trace: what an id can be made of. */
export interface NumberedEdge extends Edge {
  readonly index: number
}

/** Which edges leave a happening and which lead to it. */
export interface EdgeIndex {
  leaving(activity: Activity): readonly NumberedEdge[]
  reaching(activity: Activity): readonly NumberedEdge[]
}

export function indexEdges({ edges }: Pick<TraceModel, 'edges'>): EdgeIndex {
  const leaving = new Map<Activity, NumberedEdge[]>()
  const reaching = new Map<Activity, NumberedEdge[]>()
  for (const [index, edge] of edges.entries()) {
    const numbered = { ...edge, index }
    add(leaving, edge.from, numbered)
    add(reaching, edge.to, numbered)
  }
  return {
    leaving: (activity) => leaving.get(activity) ?? [],
    reaching: (activity) => reaching.get(activity) ?? [],
  }
}

function add(index: Map<Activity, NumberedEdge[]>, activity: Activity, edge: NumberedEdge): void {
  const edges = index.get(activity)
  if (edges) edges.push(edge)
  else index.set(activity, [edge])
}
