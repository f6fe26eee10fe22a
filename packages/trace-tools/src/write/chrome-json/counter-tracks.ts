// SPDX-License-Identifier: Apache-2.0
import { createCounters, traceCounters, type Counters } from '../counters.ts'
import type { EventStream } from './event-stream.ts'
import { constant, type Constant } from './constant.ts'
import { microseconds } from '../whole-microseconds.ts'
import type { Tracks } from './tracks.ts'

/** Name of the process that holds what belongs to the trace as a whole. */
const TRACE_NAME = 'Dynamo trace'

const end = constant('}}')

/** Draws counters of the whole trace, in a process of their own that comes before all others. */
export function createCounterTracks(stream: EventStream, tracks: Tracks): Counters {
  const labels = traceCounters.map(({ name, unit }) => ({
    start: constant('"ph":"C","ts":'),
    rest: constant(`,"name":${JSON.stringify(name)},"args":{${JSON.stringify(unit)}:`),
  }))
  let prefix: Constant | undefined

  return createCounters((counter, timeMs, value) => {
    const label = labels[counter]
    // Sums of figures that no trace should have are infinite, which JSON has no number for.
    if (label === undefined || !Number.isFinite(value)) return
    prefix ??= beginTrace()
    const buffer = stream.begin()
    buffer.raw(prefix)
    buffer.raw(label.start)
    buffer.integer(microseconds(timeMs))
    buffer.raw(label.rest)
    buffer.integer(value)
    buffer.raw(end)
  })

  /** A trace without counters has no process for them. */
  function beginTrace(): Constant {
    const trace = tracks.createProcess(TRACE_NAME)
    tracks.placeProcess(trace, 0)
    return constant(`{"pid":${trace.pid},`)
  }
}
