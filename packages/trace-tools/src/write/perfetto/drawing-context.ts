// SPDX-License-Identifier: Apache-2.0
import type { TimelineOptions } from '../timeline-options.ts'
import type { DrawnTrajectories } from './drawn-trajectory.ts'
import type { Packets } from './packets.ts'
import type { RecentCalls } from './recent-calls.ts'
import type { StringNumbers } from './string-numbers.ts'
import type { TrackLanes } from './track-lanes.ts'

/** What everything is drawn with. */
export interface DrawingContext {
  readonly packets: Packets
  readonly strings: StringNumbers
  readonly trajectories: DrawnTrajectories
  readonly recentCalls: RecentCalls
  readonly toolLanes: TrackLanes
  readonly options: TimelineOptions
}
