// SPDX-License-Identifier: Apache-2.0
import { Agent } from './agent.ts'
import { Clock } from './clock.ts'
import { Ids, uuidOf } from './ids.ts'
import { Random } from './random.ts'
import { rowFormats, type Generation } from './rows.ts'
import { Cluster } from './serving.ts'
import type { Session } from './session.ts'
import { shapes, type ShapeName } from './shapes.ts'
import { MILLISECOND_NS, RowBudget, wholeMs, type Simulation } from './simulation.ts'
import { Sink } from './sink.ts'
import { TruthTaker, type Truth } from './truth.ts'

export interface TraceOptions {
  readonly shape: ShapeName
  /** How many rows the trace has, exactly. */
  readonly rows: number
  /** The same seed gives the same bytes. */
  readonly seed: number
  /** The Dynamo release whose rows these are. @defaultValue `1.6` */
  readonly generation?: Generation
}

/** What time 0 of each trace is on the clock. */
const EPOCH_MS = 1_795_250_000_000

/** How long a trace of any size goes on, about: a larger one has more sessions at once. */
const SPAN_S = 3 * 3600
const SESSIONS_PER_WORKER = 20

/**
 * Makes up a trace as a Dynamo frontend writes it, in the order in which rows
 * arrive. Memory grows with the sessions that go on at once, not with rows.
 *
 * @yields Whole lines, about a megabyte of them at a time.
 * @returns What the trace holds.
 */
export function* generateTrace(options: TraceOptions): Generator<Uint8Array, Truth, undefined> {
  const random = new Random(options.seed)
  const ids = new Ids(random)
  const shape = shapes[options.shape]
  const sessionsAtOnce = Math.ceil(options.rows / (SPAN_S * shape.rowsPerSecond))
  const truth = new TruthTaker()
  const format = rowFormats[options.generation ?? '1.6']
  const sim: Simulation = {
    random,
    ids,
    shape,
    clock: new Clock(),
    cluster: new Cluster(random, ids, Math.max(3, Math.ceil(sessionsAtOnce / SESSIONS_PER_WORKER))),
    format,
    sink: new Sink({ format, truth, epochMs: EPOCH_MS }),
    truth,
    budget: new RowBudget(options.rows),
  }
  for (let place = 0; place < sessionsAtOnce; place++) startSessionWithin(sim, 60_000)
  while (sim.clock.step()) {
    if (!sim.sink.isFull) continue
    truth.busyTime.settle(sim.clock.nowNs)
    yield sim.sink.takeLines()
  }
  yield sim.sink.takeLines()
  return truth.finish(EPOCH_MS)
}

/** One session follows the other, as long as there are rows for them. */
function startSessionWithin(sim: Simulation, longestPauseMs: number): void {
  const { clock, random, ids, budget, truth } = sim
  clock.at(wholeMs(clock.nowNs) + random.between(1, longestPauseMs) * MILLISECOND_NS, () => {
    if (!budget.take(1)) return
    const session: Session = { id: uuidOf(ids.next()), subagents: 0 }
    truth.beginSession(clock.nowNs)
    const done = (): void => {
      truth.endSession(clock.nowNs)
      startSessionWithin(sim, 10_000)
    }
    new Agent(sim, { session, id: session.id, level: 1, done }).start()
  })
}
