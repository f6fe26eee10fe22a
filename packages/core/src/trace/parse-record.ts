// SPDX-License-Identifier: Apache-2.0
import { HARNESS_SCHEMA, type HarnessRecord } from '../harness/harness-record.ts'
import { isHarnessEventType, readHarnessRow } from '../harness/harness-wire.ts'
import type { ToolEventType } from '../tool/tool-event.ts'
import { parseExactJson } from './exact-json.ts'
import { compact, isFields, list, number, text, type Fields } from './loose-fields.ts'
import { readIdentity } from './read-identity.ts'
import { readToolCall } from './read-tool-call.ts'
import type {
  FinishMetadata,
  ReplayInput,
  RequestMetrics,
  TraceRecord,
  TraceSchema,
  WorkerPlacement,
} from './record.ts'
import { readU64 } from './u64.ts'

/** Why a line gave no record. */
export type SkipReason = 'blank' | 'not-json' | 'not-an-object' | 'unknown-schema' | 'unknown-event-type' | 'incomplete'

/**
 * What one line of a trace or of a harness log is. `payload` is a
 * request_payload row (Dynamo 1.4 and later): bodies of requests, which no
 * reader here needs and which are never decoded.
 */
export type ParsedLine =
  | { readonly kind: 'record'; readonly record: TraceRecord }
  | { readonly kind: 'harness'; readonly record: HarnessRecord }
  | { readonly kind: 'payload' }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }

const payloadMark = '"event_type":"request_payload"'
const hashKey = '"input_sequence_hashes"'
const hashArrayStart = /\s*:\s*\[/y
const workerIds = /"((?:prefill|decode)_worker_id)"\s*:\s*(\d+)(?=\s*[,}])/g

/**
 * Reads one line of any Dynamo release or of a harness log, with or without
 * the file sink's `{timestamp, event}` envelope. Loose: unknown keys pass, wrong types count
 * as absent, nothing throws. Exact: worker ids and hashes never pass through a
 * double. None of the marks can match inside a JSON string, where each quote
 * is preceded by a backslash.
 *
 * Hashes are most of a line and few readers need them, so they are cut out
 * before parsing where the line has the form that Dynamo gives it, or the same
 * with blanks, as other tools write it. Any other form takes the slow way,
 * which is as exact.
 */
export function parseTraceLine(line: string): ParsedLine {
  if (/^\s*$/.test(line)) return { kind: 'skipped', reason: 'blank' }
  // Dynamo writes the event type before any content, so only the head is searched.
  if (line.lastIndexOf(payloadMark, 512) !== -1) return { kind: 'payload' }

  const cut = cutHashes(line)
  let row: unknown
  try {
    row = cut === undefined ? parseExactJson(line) : JSON.parse(cut.text.replace(workerIds, '"$1":"$2"'))
  } catch {
    return { kind: 'skipped', reason: 'not-json' }
  }
  return readTraceRow(row, cut?.hashText)
}

/** Takes the hash array's content out of a line; undefined where that cannot be done safely. */
function cutHashes(line: string): { readonly text: string; readonly hashText: string } | undefined {
  const key = line.indexOf(hashKey)
  if (key === -1) return { text: line, hashText: '' }
  hashArrayStart.lastIndex = key + hashKey.length
  if (!hashArrayStart.test(line)) return undefined
  const start = hashArrayStart.lastIndex
  const end = line.indexOf(']', start)
  const hashText = withoutBlanks(line.slice(start, end))
  const plain =
    end !== -1 && /^[\d,]*$/.test(hashText) && line[key - 1] !== '\\' && !line.includes(hashKey, end)
  return plain ? { text: line.slice(0, start) + line.slice(end), hashText } : undefined
}

/** Only around commas: a blank between digits is an error that must not go unseen. */
function withoutBlanks(list: string): string {
  return list.includes(' ') ? list.trim().replace(/\s*,\s*/g, ',') : list
}

/**
 * Reads one row that is already parsed, such as one that parseExactJson gave.
 *
 * @param hashText The input's block hashes where they were cut out of the line before parsing.
 */
export function readTraceRow(row: unknown, hashText?: string): ParsedLine {
  if (!isFields(row)) return { kind: 'skipped', reason: 'not-an-object' }
  const event = isFields(row.event) ? row.event : row
  const schema = event.schema
  if (schema === HARNESS_SCHEMA) return readHarness(event)
  if (schema !== 'dynamo.agent.trace.v1' && schema !== 'dynamo.request.trace.v1') {
    return { kind: 'skipped', reason: 'unknown-schema' }
  }
  const type = event.event_type
  switch (type) {
    case 'request_payload':
      return { kind: 'payload' }
    case 'request_end':
      return readRequest(event, schema, hashText)
    case 'tool_start':
    case 'tool_end':
    case 'tool_error':
      return readTool(event, schema, type)
    default:
      return { kind: 'skipped', reason: 'unknown-event-type' }
  }
}

function readHarness(event: Fields): ParsedLine {
  const type = event.event_type
  if (!isHarnessEventType(type)) return { kind: 'skipped', reason: 'unknown-event-type' }
  const record = readHarnessRow(type, event)
  return record === undefined ? { kind: 'skipped', reason: 'incomplete' } : { kind: 'harness', record }
}

function readRequest(event: Fields, schema: TraceSchema, hashText: string | undefined): ParsedLine {
  const request = event.request
  const requestId = isFields(request) ? text(request.request_id) : undefined
  const eventTimeMs = number(event.event_time_unix_ms)
  if (!isFields(request) || requestId === undefined || eventTimeMs === undefined) {
    return { kind: 'skipped', reason: 'incomplete' }
  }
  const metrics: RequestMetrics = compact({
    requestId,
    xRequestId: text(request.x_request_id),
    model: text(request.model),
    inputTokens: number(request.input_tokens),
    outputTokens: number(request.output_tokens),
    cachedTokens: number(request.cached_tokens),
    receivedMs: number(request.request_received_ms),
    prefillWaitMs: number(request.prefill_wait_time_ms),
    prefillMs: number(request.prefill_time_ms),
    ttftMs: number(request.ttft_ms),
    totalMs: number(request.total_time_ms),
    avgItlMs: number(request.avg_itl_ms),
    kvHitRate: number(request.kv_hit_rate),
    kvTransferEstimatedLatencyMs: number(request.kv_transfer_estimated_latency_ms),
    queueDepth: number(request.queue_depth),
    worker: readWorker(request.worker),
    replay: readReplay(request.replay, hashText),
    finish: readFinish(request.finish_reason_metadata),
  })
  return { kind: 'record', record: { type: 'request_end', ...readBase(event, schema, eventTimeMs), request: metrics } }
}

function readTool(event: Fields, schema: TraceSchema, type: ToolEventType): ParsedLine {
  const eventTimeMs = number(event.event_time_unix_ms)
  const tool = readToolCall(event.tool)
  if (tool === undefined || eventTimeMs === undefined) return { kind: 'skipped', reason: 'incomplete' }
  return { kind: 'record', record: { type, ...readBase(event, schema, eventTimeMs), tool } }
}

function readBase(event: Fields, schema: TraceSchema, eventTimeMs: number) {
  return compact({
    schema,
    eventTimeMs,
    source: readSource(event.event_source),
    identity: readIdentity(event.agent_context),
  })
}

/** `ms_agent` is what the first 1.2 builds called the harness. */
function readSource(value: unknown): 'dynamo' | 'harness' | undefined {
  if (value === 'dynamo' || value === 'harness') return value
  return value === 'ms_agent' ? 'harness' : undefined
}

function readWorker(value: unknown): WorkerPlacement | undefined {
  if (!isFields(value)) return undefined
  return compact({
    prefillWorkerId: readU64(value.prefill_worker_id),
    prefillDpRank: number(value.prefill_dp_rank),
    decodeWorkerId: readU64(value.decode_worker_id),
    decodeDpRank: number(value.decode_dp_rank),
  })
}

function readReplay(value: unknown, hashText: string | undefined): ReplayInput | undefined {
  if (!isFields(value)) return undefined
  const blockSize = number(value.trace_block_size)
  const inputTokens = number(value.input_length)
  if (blockSize === undefined || inputTokens === undefined) return undefined
  // Text that was cut out belongs to this array only if the array is there and empty without it.
  const hashes: unknown = value.input_sequence_hashes
  const own = Array.isArray(hashes) ? hashes.map(readU64).filter((hash) => hash !== undefined) : []
  const isCut = Array.isArray(hashes) && hashes.length === 0
  return { blockSize, inputTokens, hashText: (isCut ? hashText : undefined) ?? own.join(',') }
}

function readFinish(value: unknown): FinishMetadata | undefined {
  if (!isFields(value)) return undefined
  return compact({
    finishReason: text(value.finish_reason),
    backendFinishReason: text(value.backend_finish_reason),
    stopReason: text(value.stop_reason) ?? number(value.stop_reason),
    toolCalls: list(value.tool_calls).map((call) =>
      compact({
        choiceIndex: number(call.choice_index) ?? 0,
        toolCallIndex: number(call.tool_call_index) ?? 0,
        id: text(call.id),
        name: text(call.name),
      }),
    ),
    choices: list(value.choices).map((choice) =>
      compact({
        choiceIndex: number(choice.choice_index) ?? 0,
        finishReason: text(choice.finish_reason),
        backendFinishReason: text(choice.backend_finish_reason),
        stopReason: text(choice.stop_reason) ?? number(choice.stop_reason),
      }),
    ),
  })
}
