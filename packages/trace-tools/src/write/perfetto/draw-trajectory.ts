// SPDX-License-Identifier: Apache-2.0
import { assignLanes, type Span } from '../../model/lanes.ts'
import type { Interval, Request, Session, ToolSpan, Trajectory } from '../../model/trace-model.ts'
import { category, FIRST_TOKEN, requestLabel, toolLabel } from '../labels.ts'
import { requestFields, toolFields, type FieldGroup } from '../record-fields.ts'
import { requestParts } from '../request-parts.ts'
import type { TimelineOptions } from '../timeline-options.ts'
import type { FlowEnds } from './flows.ts'
import { toNanoseconds } from './nanoseconds.ts'
import type { PacketWriter, Track } from './packet-writer.ts'
import { laneTrack } from './tracks.ts'

/** A trajectory and where it stands. */
export interface Place {
  readonly session: Session
  readonly trajectory: Trajectory
  readonly track: Track
}

interface Lane extends Place {
  readonly lane: Track
}

export interface DrawingContext extends Required<Pick<TimelineOptions, 'stages' | 'markers'>> {
  readonly packets: PacketWriter
  readonly flowsOf: (activity: Request | ToolSpan) => FlowEnds
}

/** Who asked, in the words of dynamo-agent: they are the same for each Dynamo release. */
const placeFields: readonly FieldGroup<Place>[] = [
  {
    fields: [
      { name: 'session_id', type: 'text', read: ({ session }) => session.id },
      { name: 'session_type_id', type: 'text', read: ({ session }) => session.sessionTypeId },
      { name: 'trajectory_id', type: 'text', read: ({ session, trajectory }) => session.id && trajectory.id },
      { name: 'parent_trajectory_id', type: 'text', read: ({ trajectory }) => trajectory.parentId },
    ],
  },
]

/**
 * Draws one trajectory, and stops after each activity so that the caller can
 * empty the buffer.
 *
 * Tools come before requests: where a tool call and the request that waited
 * for it begin at the same nanosecond, the arrow between them is only drawn if
 * its source stands first in the file.
 *
 * @returns How many tracks stand below the trajectory's own now.
 */
export function* drawTrajectory(context: DrawingContext, place: Place): Generator<undefined, number> {
  const { trajectory, track: parent } = place
  const requestLanes = lanesOf(trajectory.requests)
  const toolLanes = lanesOf(trajectory.toolCalls)

  for (const [index, calls] of toolLanes.entries()) {
    const lane = laneTrack('tools', index, { parent, rank: requestLanes.length + index })
    context.packets.track(lane)
    for (const { activity } of calls) {
      drawToolCall(context, { ...place, lane }, activity)
      yield
    }
  }
  for (const [index, requests] of requestLanes.entries()) {
    const lane = laneTrack('LLM', index, { parent, rank: index })
    context.packets.track(lane)
    for (const { activity } of requests) {
      drawRequest(context, { ...place, lane }, activity)
      yield
    }
  }
  return requestLanes.length + toolLanes.length
}

function lanesOf<Item extends Interval>(activities: readonly Item[]): (Span & { readonly activity: Item })[][] {
  return assignLanes(activities.map((activity) => ({ start: activity.startMs, end: endOf(activity), activity })))
}

function drawToolCall({ packets, flowsOf }: DrawingContext, at: Lane, tool: ToolSpan): void {
  const { lane: track } = at
  const flows = flowsOf(tool)
  packets.begin(
    { track, timeNs: toNanoseconds(tool.startMs) },
    { name: toolLabel(tool), category: category.tool, correlationId: colourOf(at), flowIds: flows.leaving },
    (annotations) => {
      annotations.write(placeFields, at)
      annotations.write(toolFields, tool)
    },
  )
  packets.end({ track, timeNs: toNanoseconds(endOf(tool)) })
}

function drawRequest(context: DrawingContext, at: Lane, request: Request): void {
  const { packets, flowsOf } = context
  const { lane: track } = at
  const flows = flowsOf(request)
  const timeNs = toNanoseconds(request.startMs)
  packets.begin(
    { track, timeNs },
    {
      name: requestLabel(request),
      category: category.request,
      correlationId: colourOf(at),
      flowIds: flows.leaving,
      terminatingFlowIds: flows.arrivingBy(timeNs),
    },
    (annotations) => {
      annotations.write(placeFields, at)
      annotations.write(requestFields, request)
    },
  )
  for (const part of requestParts(request, context)) {
    const startNs = toNanoseconds(part.startMs)
    const terminatingFlowIds = flows.arrivingBy(startNs)
    if (part.kind === 'stage') {
      packets.begin({ track, timeNs: startNs }, { name: part.name, category: category.stage, terminatingFlowIds })
      packets.end({ track, timeNs: toNanoseconds(part.endMs) })
    } else {
      packets.instant({ track, timeNs: startNs }, { name: FIRST_TOKEN, category: category.marker, terminatingFlowIds })
    }
  }
  packets.end({ track, timeNs: toNanoseconds(endOf(request)) })
}

/** The Perfetto UI picks a slice's colour by this id: one colour for each trajectory. */
function colourOf({ track }: Place): bigint {
  return BigInt.asUintN(32, track.uuid)
}

function endOf({ startMs, endMs }: Interval): number {
  return Math.max(startMs, endMs)
}
