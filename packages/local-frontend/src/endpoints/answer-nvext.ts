// SPDX-License-Identifier: Apache-2.0
import { compact } from '../compact.ts'
import type { EngineRequest } from '../engine/engine.ts'
import { fieldsOf, itemsOf, type JsonBody } from '../request/json-body.ts'
import { workerPlacement } from '../trace/request-row.ts'
import type { AnswerHead, Completed } from './answer-form.ts'

/** What `nvext.extra_fields` asked for and is known before the end. Unknown names are ignored, as Dynamo does. */
export function placementNvext({ body }: AnswerHead, engine: EngineRequest): object | undefined {
  return asksFor(body, 'worker_id') ? { worker_id: workerPlacement(engine.workerId) } : undefined
}

/** The same with what only the end knows. */
export function finalNvext(head: AnswerHead, { request: engine, timings }: Completed): object | undefined {
  const placement = placementNvext(head, engine)
  if (!asksFor(head.body, 'timing')) return placement
  const timing = compact({
    request_received_ms: Math.floor(head.receivedMs),
    prefill_wait_time_ms: timings.prefillWaitMs,
    prefill_time_ms: timings.prefillMs,
    ttft_ms: timings.ttftMs,
    total_time_ms: timings.totalMs,
    kv_hit_rate: engine.kvHitRate,
    router_queue_depth: engine.queueDepth,
  })
  return { ...placement, timing }
}

function asksFor(body: JsonBody, name: string): boolean {
  return itemsOf(fieldsOf(body, 'nvext'), 'extra_fields').includes(name)
}
