// SPDX-License-Identifier: Apache-2.0
import type { SessionOutline } from '../../model/model-sink.ts'
import type { Packets } from './packets.ts'
import { rank, rootTrack, sessionTrack, trajectoryTrack } from './trace-tracks.ts'

/**
 * Describes the tracks of a session and its trajectories, when the whole tree
 * is known. The engine reads all descriptions before it draws the first event,
 * so they may stand at the end of the file.
 *
 * @param index Its place among the sessions.
 */
export function describeSession(packets: Packets, session: SessionOutline, index: number): void {
  packets.track({
    id: sessionTrack(session.id),
    name: session.id === undefined ? 'requests without a session' : `session ${session.id}`,
    parent: rootTrack.id,
    rank: rank.sessions + index,
    ...(session.sessionTypeId !== undefined && { description: `session type ${session.sessionTypeId}` }),
  })
  describeTrajectories(packets, session)
}

function describeTrajectories(packets: Packets, session: SessionOutline): void {
  const sessionId = sessionTrack(session.id)
  for (const [index, { state, parent }] of session.trajectories.entries()) {
    if (state.contextFree) continue
    packets.track({
      id: trajectoryTrack(state),
      name: `trajectory ${state.id}`,
      parent: parent === undefined ? sessionId : trajectoryTrack(parent),
      // Children come by start, so their places in the whole session put them in order too.
      rank: rank.trajectories + index,
      description: `${state.requests} LLM requests, ${state.toolCalls} tool calls`,
    })
  }
}
