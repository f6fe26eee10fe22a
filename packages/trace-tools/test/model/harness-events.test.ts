// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { HarnessEvent, RequestSpan, TraceOutline } from '../../src/model/model-sink.ts'
import { createStreamModel } from '../../src/model/stream-model.ts'
import { eachSpan } from '../support/each-span.ts'
import { harnessLine, harnessLines, turnLine } from '../support/harness-lines.ts'
import { scanLines } from '../support/timeline.ts'
import { requestLine, T0 } from '../support/trace-lines.ts'

interface Told {
  readonly events: readonly HarnessEvent[]
  readonly outline: TraceOutline
  readonly duplicateRows: number
}

/** What the model tells of lines. A window of 1 byte has each batch settled before the next one comes. */
function tell(lines: readonly string[], windowBytes = 8_000_000): Told {
  const events: HarnessEvent[] = []
  let outline: TraceOutline = { sessions: [] }
  const sink = {
    spans: () => undefined,
    harness: (event: HarnessEvent) => events.push(event),
    end: (given: TraceOutline) => (outline = given),
  }
  const model = createStreamModel({ sink, wholeBytes: windowBytes, windowBytes })
  for (const batch of scanLines(lines)) model.add(batch)
  const { duplicateRows } = model.end()
  return { events, outline, duplicateRows }
}

/** `session > trajectory (requests)` for each trajectory, in order. */
function treeOf({ outline }: Told): string[] {
  return outline.sessions.flatMap(({ id, trajectories }) =>
    trajectories.map(({ state, depth }) => `${id ?? 'none'} ${'> '.repeat(depth + 1)}${state.id} (${state.requests})`),
  )
}

/** More lines than a batch holds, of another trajectory. */
const padding = Array.from({ length: 10 }, (_, at) => requestLine({ session: 'other', at: at * 100 }))

const later = {
  root: requestLine({ session: 'run', at: 0 }),
  main: requestLine({ session: 'main', parent: 'run', at: 0 }),
  child: requestLine({ session: 'child', parent: 'main', at: 10 }),
  grandchild: requestLine({ session: 'grandchild', parent: 'child', at: 20 }),
}
const v12 = (session: string, trajectory: string, at: number) =>
  requestLine({
    schema: 'dynamo.agent.trace.v1',
    context: { session_type_id: 'test', session_id: session, trajectory_id: trajectory },
    at,
  })
const turn = (trajectory: string, parent?: string, run = 'run') =>
  turnLine({ run, trajectory, ...(parent !== undefined && { parent }), index: 0, from: 0, to: 50, tokens: 100 })

const all = [later.main, later.child, later.grandchild]
const turns = [turn('main'), turn('child', 'main'), turn('grandchild', 'child')]
const family = ['run > main (1)', 'run > > child (1)', 'run > > > grandchild (1)']

describe('rows of a harness join those of Dynamo', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['of 1.3 and later that name the session', [later.root, turn('run')], ['run > run (1)']],
    ['of 1.3 and later, in trees', [...all, ...turns], family],
    ['that come later', [...turns, ...padding, ...all], [...family, 'other > other (10)']],
    ['that come earlier', [...all, ...padding, ...turns], [...family, 'other > other (10)']],
    ['of a subagent that has none of its own', [turn('main'), ...padding, ...all], [...family, 'other > other (10)']],
    [
      'of 1.2, where sessions share ids of trajectories',
      [turn('main', undefined, 'b'), turn('main', undefined, 'a'), ...padding, v12('a', 'main', 0), v12('b', 'main', 5)],
      ['a > main (1)', 'b > main (1)', 'other > other (10)'],
    ],
    ['of a trajectory that made no request', [later.root, turn('idle', 'run')], ['run > run (1)', 'run > > idle (0)']],
  ])('%s', (_, lines, tree) => {
    for (const windowBytes of [1, 8_000_000]) {
      const told = tell(lines, windowBytes)
      expect(treeOf(told).toSorted()).toEqual(tree.toSorted())
      for (const { trajectory, record } of told.events) expect(trajectory.id).toBe(record.identity.trajectoryId)
    }
  })

  it('and are no place to come from, where a parent made no request', () => {
    const spawns: unknown[] = []
    const visitor = { request: ({ spawn }: RequestSpan) => spawns.push(spawn), tool: () => undefined }
    const sink = eachSpan({ ...visitor, end: () => undefined })
    const child = { session_type_id: 'test', session_id: 'run', trajectory_id: 'child', parent_trajectory_id: 'main' }
    const childLine = requestLine({ schema: 'dynamo.agent.trace.v1', context: child, at: 0 })
    const batches = [[turn('main')], [childLine], padding].flatMap((lines) => [...scanLines(lines)])
    const windowBytes = batches.slice(0, 2).reduce((bytes, batch) => bytes + batch.bytes.length, 0)
    // What comes then has the batches of parent and child settled one right after the other.
    const model = createStreamModel({ sink, wholeBytes: windowBytes, windowBytes })
    for (const batch of batches) model.add(batch)
    expect(spawns[0]).toBeUndefined()
  })

  it('and tell the class of workload, which Dynamo has not told since 1.3', () => {
    expect(tell([later.root, turn('run')]).outline.sessions).toMatchObject([{ sessionTypeId: 'pi_coding_agent' }])
  })

  it('and do not stretch the run of an agent by what came before and after its requests', () => {
    const [session] = tell([later.root, turnLine({ index: 0, from: -900, to: 900, tokens: 1 })]).outline.sessions
    expect(session).toMatchObject({ startMs: T0, endMs: T0 + 50 })
  })
})

describe('a harness log alone', () => {
  it('gives sessions and trajectories, from its first time to its last', () => {
    const told = tell(harnessLines)
    expect(treeOf(told)).toEqual(['run > run (0)', 'run > > run.child (0)'])
    expect(told.outline.interval).toEqual({ startMs: T0 - 50, endMs: T0 + 410 })
  })

  it('is told in order of time, each row once, however its lines are put', () => {
    const told = tell([...harnessLines.toReversed(), ...harnessLines])
    expect(told.duplicateRows).toBe(harnessLines.length)
    expect(told.events.map(({ record }) => record.eventTimeMs - T0)).toEqual(
      [-50, 90, 100, 120, 125, 130, 140, 190, 195, 196, 300, 400, 410],
    )
  })

  it('tells how long something took, and what the trajectory has cost up to then', () => {
    const ofRun = tell(harnessLines).events.filter(({ trajectory }) => trajectory.id === 'run')
    expect(ofRun.map(({ startMs, endMs, costUsd }) => [startMs - T0, endMs - startMs, costUsd])).toEqual([
      [-50, 0, undefined],
      [0, 100, 0.01],
      [120, 0, 0.01],
      [125, 0, 0.01],
      [130, 0, 0.01],
      [110, 30, 0.01],
      [140, 50, 0.01],
      [195, 0, 0.01],
      [196, 0, 0.01],
      [200, 100, 0.01],
      [300, 100, 0.014],
      [410, 0, 0.014],
    ])
  })

  it('may name a trajectory as its own parent, which counts for nothing', () => {
    const line = harnessLine('session_start', { at: 0, parent: 'run', session: { reason: 'new' } })
    expect(treeOf(tell([line]))).toEqual(['run > run (0)'])
  })
})
