// SPDX-License-Identifier: Apache-2.0
import type { HarnessRecord } from '@dynamo-agent/core'
import { CallHash } from '../read/call-hash.ts'
import type { Interval } from './trace-model.ts'
import type { HarnessEvent, ModelSink } from './model-sink.ts'
import type { TrajectoryIndex } from './trajectory-index.ts'
import type { Trajectory } from './trajectory.ts'

const hash = new CallHash()

export interface HarnessEventsOptions {
  readonly sink: ModelSink
  readonly index: TrajectoryIndex
  /** Whether no row with this hash has come. */
  readonly isNew: (low: number, high: number) => boolean
}

/** Joins what harnesses tell with the trajectories that Dynamo tells of. */
export class HarnessEvents {
  readonly #sink: ModelSink
  readonly #index: TrajectoryIndex
  readonly #isNew: HarnessEventsOptions['isNew']

  constructor({ sink, index, isNew }: HarnessEventsOptions) {
    this.#sink = sink
    this.#index = index
    this.#isNew = isNew
  }

  /** @returns Whether no other row says the same. */
  isNew(record: HarnessRecord): boolean {
    const { low, high } = hash.ofText(JSON.stringify(record))
    return this.#isNew(low, high)
  }

  /**
   * Tells records in order of time. By now the rows of Dynamo around them are
   * known, so that a trajectory bears the name that those give it.
   */
  settle(records: HarnessRecord[]): void {
    records.sort((a, b) => a.eventTimeMs - b.eventTimeMs)
    for (const record of records) {
      const trajectory = this.#index.ofHarness(record.identity)
      this.#index.kinship.readHarness(record.identity, trajectory)
      const event = readEvent(record, trajectory)
      trajectory.harness = {
        startMs: Math.min(event.startMs, trajectory.harness?.startMs ?? Infinity),
        endMs: Math.max(event.endMs, trajectory.harness?.endMs ?? -Infinity),
        ...(event.costUsd !== undefined && { costUsd: event.costUsd }),
      }
      this.#sink.harness?.(event)
    }
  }

  /**
   * Gives the trajectories that only harnesses tell of the times of what those
   * told. Others keep theirs: how long an agent waited before its first request
   * is no part of its run.
   */
  end(): void {
    for (const trajectory of this.#index.all) {
      const { harness, startMs, endMs } = trajectory
      if (harness !== undefined && startMs > endMs) trajectory.cover(harness.startMs, harness.endMs)
    }
  }
}

function readEvent(record: HarnessRecord, trajectory: Trajectory): HarnessEvent {
  const spentUsd = record.type === 'turn_end' ? record.turn.usage?.costUsd : undefined
  const beforeUsd = trajectory.harness?.costUsd
  const costUsd = spentUsd === undefined ? beforeUsd : spentUsd + (beforeUsd ?? 0)
  return { trajectory, record, ...intervalOf(record), ...(costUsd !== undefined && { costUsd }) }
}

function intervalOf(record: HarnessRecord): Interval {
  switch (record.type) {
    case 'turn_end':
      return lasting(record.turn)
    case 'compaction':
      return lasting(record.compaction)
    case 'user_wait':
      return lasting(record.wait)
    default:
      return { startMs: record.eventTimeMs, endMs: record.eventTimeMs }
  }
}

function lasting({ startedAtMs, durationMs }: { readonly startedAtMs: number; readonly durationMs: number }): Interval {
  return { startMs: startedAtMs, endMs: startedAtMs + Math.max(0, durationMs) }
}
