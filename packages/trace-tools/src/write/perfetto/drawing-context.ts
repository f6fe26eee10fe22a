// SPDX-License-Identifier: Apache-2.0
import type { TimelineOptions } from '../timeline-options.ts'
import type { DrawnTrajectories } from './drawn-trajectories.ts'
import type { Packets } from './packets.ts'
import type { StringNumbers } from './string-numbers.ts'

/** What everything is drawn with. */
export interface DrawingContext {
  readonly packets: Packets
  readonly strings: StringNumbers
  readonly trajectories: DrawnTrajectories
  readonly options: TimelineOptions
}
