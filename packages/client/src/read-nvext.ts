// SPDX-License-Identifier: Apache-2.0
import type { WorkerPlacement } from '@dynamo-agent/core'
import { compact, fieldsOf, isFields, readNumber, readU64, type Fields } from './loose-json.ts'

/** Serving figures of one request. Times are milliseconds and may be fractional. */
export interface NvextTiming {
  /** Epoch milliseconds. */
  readonly receivedMs?: number
  readonly prefillWaitMs?: number
  readonly prefillMs?: number
  /** Time to first token. */
  readonly ttftMs?: number
  readonly totalMs?: number
  /** Cached blocks over all blocks of the input, 0 to 1. */
  readonly kvHitRate?: number
  readonly kvTransferEstimatedLatencyMs?: number
  /** Requests in the router's queue; `router_queue_depth` here, `queue_depth` in trace rows. */
  readonly queueDepth?: number
}

/** What a frontend adds to an answer for the request's `nvext.extra_fields`. */
export interface Nvext {
  /** For `worker_id`. Ids are random u64 beyond 2^53, so they are bigints. */
  readonly workerId?: WorkerPlacement
  /** For `timing`. */
  readonly timing?: NvextTiming
}

/**
 * Reads Dynamo's `nvext` out of an answer: a JSON body, or server-sent events
 * of a stream, one line or any number of whole ones, whose figures are merged.
 *
 * In a stream `worker_id` stands in every chunk with content, `timing` only in
 * the one with `finish_reason`, and the usage chunk has neither (measured on
 * 1.2.1 to 1.6.1). Give it the text: in a body that JSON.parse has read, the
 * worker ids are rounded already, and a rounded id is left out.
 *
 * @returns undefined when there is no `nvext`; nothing throws.
 */
export function readNvext(answer: unknown): Nvext | undefined {
  if (typeof answer !== 'string') return decode(answer)
  // Most chunks of a stream that did not ask for it end here, unparsed.
  if (!answer.includes('"nvext"')) return undefined
  const texts = /^\s*\{/.test(answer) ? [answer] : eventData(answer)
  const found = texts.map((text) => decode(parseAnswer(text))).filter((nvext) => nvext !== undefined)
  return found.length === 0 ? undefined : (Object.assign({}, ...found) as Nvext)
}

/** The data of each event; any other line of a stream carries none. */
function eventData(stream: string): string[] {
  return stream.split(/\r\n|\r|\n/).flatMap((line) => (line.startsWith('data:') ? [line.slice('data:'.length)] : []))
}

const longWorkerIds = /"((?:prefill|decode)_worker_id)"\s*:\s*(\d{16,})(?=\s*[,}])/g

function parseAnswer(text: string): unknown {
  return parseLastField(text) ?? parse(text)
}

/**
 * Dynamo writes `nvext` last, and then nothing else of an answer has to be
 * parsed a second time. Only in that place what stands between the key and the
 * last brace is JSON by itself.
 */
function parseLastField(text: string): unknown {
  const [, value] = /^\s*:([^]*)\}\s*$/.exec(text.slice(text.lastIndexOf('"nvext"') + '"nvext"'.length)) ?? []
  const nvext = value === undefined ? undefined : parse(value)
  return isFields(nvext) ? { nvext } : undefined
}

/**
 * Worker ids become text, which JSON.parse keeps as it is. parseExactJson does
 * that for any number, and takes ten times as long for a whole answer. Inside
 * a string of the model the quotes would be escaped, and nothing matches.
 */
function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(longWorkerIds, '"$1":"$2"')) as unknown
  } catch {
    return undefined
  }
}

function decode(body: unknown): Nvext | undefined {
  const { nvext } = fieldsOf(body)
  if (!isFields(nvext)) return undefined
  const { worker_id: worker, timing } = nvext
  return {
    ...(isFields(worker) && { workerId: readWorker(worker) }),
    ...(isFields(timing) && { timing: readTiming(timing) }),
  }
}

function readWorker(worker: Fields): WorkerPlacement {
  return compact({
    prefillWorkerId: readWorkerId(worker.prefill_worker_id),
    prefillDpRank: readNumber(worker.prefill_dp_rank),
    decodeWorkerId: readWorkerId(worker.decode_worker_id),
    decodeDpRank: readNumber(worker.decode_dp_rank),
  })
}

function readWorkerId(id: unknown): bigint | undefined {
  return readU64(typeof id === 'string' && /^\d+$/.test(id) ? BigInt(id) : id)
}

function readTiming(timing: Fields): NvextTiming {
  return compact({
    receivedMs: readNumber(timing.request_received_ms),
    prefillWaitMs: readNumber(timing.prefill_wait_time_ms),
    prefillMs: readNumber(timing.prefill_time_ms),
    ttftMs: readNumber(timing.ttft_ms),
    totalMs: readNumber(timing.total_time_ms),
    kvHitRate: readNumber(timing.kv_hit_rate),
    kvTransferEstimatedLatencyMs: readNumber(timing.kv_transfer_estimated_latency_ms),
    queueDepth: readNumber(timing.router_queue_depth),
  })
}
