// SPDX-License-Identifier: Apache-2.0
import type { TimelineFormat } from '../timeline-format.ts'

/**
 * Perfetto's own format, as protobuf. Times are epoch nanoseconds. Each session
 * is a tree: its trajectories, a child below its parent, and in each of them
 * lanes of requests and tool calls.
 *
 * The same trace gives the same bytes, and files of different traces may be
 * concatenated. The tree stands at the end of a file, where it is known, so one
 * that is cut off loads but shows counters only.
 */
export const perfettoFormat: TimelineFormat = {
  extension: '.pftrace',
  loadDetailsEncoder: async () => (await import('./details/details-encoder.ts')).createDetailsEncoder,
  loadWriter: async () => (await import('./perfetto-writer.ts')).createPerfettoWriter,
}
