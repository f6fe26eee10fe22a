// SPDX-License-Identifier: Apache-2.0
import type { HarnessIdentity } from '@dynamo-agent/core'
import type { HarnessEvent } from '../../model/model-sink.ts'
import {
  harnessArguments,
  harnessCategory,
  harnessCounters,
  harnessName,
  harnessPoints,
  isLasting,
} from '../harness-marks.ts'
import type { EventStream } from './event-stream.ts'
import { microseconds } from '../whole-microseconds.ts'
import type { Place } from './places.ts'

export interface HarnessEventsOptions {
  readonly counters: boolean
}

/**
 * Writes what harnesses tell: slices and marks on threads of their own, and
 * counters, which belong to a process and bear the trajectory in their names.
 * There are few of them, so no part of an event is prepared.
 */
export class HarnessEvents {
  readonly #stream: EventStream
  readonly #counters: boolean

  constructor(stream: EventStream, { counters }: HarnessEventsOptions) {
    this.#stream = stream
    this.#counters = counters
  }

  draw(event: HarnessEvent, place: Place): void {
    const { record } = event
    const start = microseconds(event.startMs)
    const end = Math.max(start + 1, microseconds(event.endMs))
    const { thread } = isLasting(record) ? place.harness.assign(start, end) : place.harness.first()
    this.#write({
      pid: thread.pid,
      tid: thread.tid,
      ...(isLasting(record) ? { ph: 'X', ts: start, dur: end - start } : { ph: 'i', s: 't', ts: start }),
      cat: harnessCategory(record),
      name: harnessName(record),
      args: { ...identityArguments(record.identity), ...Object.fromEntries(harnessArguments(record)) },
    })
    if (this.#counters) this.#drawPoints(event, place)
  }

  #drawPoints(event: HarnessEvent, { process: { pid } }: Place): void {
    for (const { counter, timeMs, value } of harnessPoints(event)) {
      const { name = '', unit = '' } = harnessCounters[counter] ?? {}
      // A sum of figures that no row should tell may be infinite, which JSON has no number for.
      if (!Number.isFinite(value)) continue
      const ts = microseconds(timeMs)
      this.#write({ pid, ph: 'C', ts, name: `${event.trajectory.id} ${name}`, args: { [unit]: value } })
    }
  }

  #write(event: object): void {
    this.#stream.write(JSON.stringify(event))
  }
}

/** Under the names of a harness log, whatever generation the rows of Dynamo are of. */
function identityArguments({ sessionTypeId, sessionId, trajectoryId, parentTrajectoryId }: HarnessIdentity): object {
  return {
    session_type_id: sessionTypeId,
    session_id: sessionId,
    trajectory_id: trajectoryId,
    parent_trajectory_id: parentTrajectoryId,
  }
}
