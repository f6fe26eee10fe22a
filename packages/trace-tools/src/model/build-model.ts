// SPDX-License-Identifier: Apache-2.0
import type { TraceRecord } from '@dynamo-agent/core'
import { batchRecords } from '../read/batch-records.ts'
import { createModelCollector } from './collect-model.ts'
import { createStreamModel } from './stream-model.ts'
import type { TraceModel } from './trace-model.ts'

/**
 * Builds the model of a whole trace from its rows, which may come in any
 * order, from any Dynamo release, and twice. Never throws; the time it takes
 * grows with the number of rows.
 */
export function buildTraceModel(records: Iterable<TraceRecord>): TraceModel {
  const kept = [...records]
  const collector = createModelCollector(({ row }) => {
    const record = kept[row]
    if (record === undefined) throw new RangeError('no such row')
    return record
  })
  const model = createStreamModel({ sink: collector, wholeBytes: Infinity })
  model.add(batchRecords(kept))
  const { duplicateRows } = model.end()
  return { ...collector.model(), duplicateRows }
}
