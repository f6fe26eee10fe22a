// SPDX-License-Identifier: Apache-2.0
import type { Id } from './ids.ts'
import type { PlannedCall } from './plan-turn.ts'
import { skewed } from './random.ts'
import type { ToolEnd, ToolRow } from './rows.ts'
import { MILLISECOND_NS, wholeMs, type Simulation } from './simulation.ts'

/** When a call ran, in nanoseconds from the start of the trace; whole milliseconds. */
export interface CallSpan {
  readonly startNs: number
  readonly endNs: number
}

interface CallSurroundings {
  /** From RowFormat.contextText. */
  readonly context: Uint8Array
  /** Starts a subagent for a call, now; it calls `done` when it is through. */
  readonly startSubagent: (callId: Id, done: () => void) => void
}

export interface RunCallsOptions extends CallSurroundings {
  readonly calls: readonly PlannedCall[]
  readonly startNs: number
  /** Told as soon as all ends are known, which may be before they come: the spans of the calls, in their order. */
  readonly done: (spans: readonly CallSpan[]) => void
}

interface RunCallOptions extends CallSurroundings {
  readonly call: PlannedCall
  readonly startNs: number
  readonly done: (span: CallSpan) => void
}

const outputBytes = skewed(1500, 4)

/** Lets the calls of a turn run at once. */
export function runCalls(sim: Simulation, { calls, startNs, done, ...surroundings }: RunCallsOptions): void {
  const spans: CallSpan[] = []
  let pending = calls.length
  let callStartNs = startNs
  for (const [index, call] of calls.entries()) {
    callStartNs += sim.random.between(0, 2) * MILLISECOND_NS
    const end = (span: CallSpan): void => {
      spans[index] = span
      pending--
      if (pending === 0) done(spans)
    }
    runCall(sim, { ...surroundings, call, startNs: callStartNs, done: end })
  }
}

function runCall(sim: Simulation, options: RunCallOptions): void {
  const { truth, sink } = sim
  const { call, startNs, context } = options
  const { id, toolClass } = call
  const startedAtMs = sink.epochMs + startNs / MILLISECOND_NS
  if (call.rows > 0) {
    truth.countCall(call)
    const eventTimeMs = startedAtMs
    post(sim, startNs, { type: 'tool_start', id, toolClass, context, eventTimeMs, startedAtMs, end: undefined })
  }
  if (call.rows === 2) truth.busyTime.open('tools', startNs)

  const finish = (endNs: number): void => {
    options.done({ startNs, endNs })
    if (call.rows < 2) return
    truth.busyTime.close('tools', endNs)
    const end = describeEnd(sim, call, sink.epochMs + endNs / MILLISECOND_NS)
    const type = call.outcome === 'error' ? 'tool_error' : 'tool_end'
    const eventTimeMs = end.endedAtMs + sim.random.between(0, 1)
    post(sim, endNs, { type, id, toolClass, context, eventTimeMs, startedAtMs, end })
  }
  if (call.subagents > 0) runSubagents(sim, options, finish)
  else finish(startNs + call.durationMs * MILLISECOND_NS)
}

function runSubagents({ clock, random }: Simulation, options: RunCallOptions, finish: (endNs: number) => void): void {
  const { call, startNs, startSubagent } = options
  let pending = call.subagents
  const done = (): void => {
    pending--
    if (pending === 0) finish(wholeMs(clock.nowNs) + random.between(1, 5) * MILLISECOND_NS)
  }
  let atNs = startNs
  for (let number = 0; number < call.subagents; number++) {
    atNs += random.between(1, 5) * MILLISECOND_NS
    clock.at(atNs, () => {
      startSubagent(call.id, done)
    })
  }
}

/** Rows of a harness take another way than those of the frontend, so some arrive later than they could. */
function post({ clock, random, sink }: Simulation, timeNs: number, row: ToolRow): void {
  const delayMs = random.chance(0.15) ? random.between(1, 5) : 0
  clock.at(timeNs + delayMs * MILLISECOND_NS, () => {
    sink.writeTool(row, clock.nowNs)
  })
}

function describeEnd({ random }: Simulation, { outcome }: PlannedCall, endedAtMs: number): ToolEnd {
  switch (outcome) {
    case 'succeeded':
      return { endedAtMs, status: outcome, outputBytes: Math.round(outputBytes(random)) }
    case 'error':
      return { endedAtMs, status: outcome, errorType: 'ExitError' }
    case 'cancelled':
      return { endedAtMs, status: outcome, errorType: 'Timeout' }
  }
}
