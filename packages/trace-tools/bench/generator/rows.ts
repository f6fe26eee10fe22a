// SPDX-License-Identifier: Apache-2.0
import type { Id } from './ids.ts'
import { BLOCK_TOKENS } from './prompt.ts'
import type { ServedRequest } from './serving.ts'
import { encode, type TextBuffer } from './text-buffer.ts'

/** Whose row it is. */
export interface RowIdentity {
  readonly sessionId: string
  readonly trajectoryId: string
  readonly parentId?: string
}

export interface AskedCall {
  readonly id: Id
  readonly toolClass: string
}

/** What a request row says. */
export interface RequestRow {
  readonly served: ServedRequest
  /** From contextText; absent in a row without context, which also names no model. */
  readonly context: Uint8Array | undefined
  readonly trigger: 'userMessage' | 'toolResult'
  /** Absent where the client gave up before the end. */
  readonly finishReason: 'stop' | 'length' | 'tool_calls' | undefined
  /** What the model asked for. */
  readonly asked: readonly AskedCall[]
  /** The request only says that the session is over. */
  readonly final?: boolean
}

/** What a tool row says. */
export interface ToolRow extends AskedCall {
  readonly type: 'tool_start' | 'tool_end' | 'tool_error'
  /** From contextText. */
  readonly context: Uint8Array
  readonly eventTimeMs: number
  readonly startedAtMs: number
  /** Absent in a start row. */
  readonly end: ToolEnd | undefined
}

export type ToolEnd = { readonly endedAtMs: number } & (
  | { readonly status: 'succeeded'; readonly outputBytes: number }
  | { readonly status: 'error' | 'cancelled'; readonly errorType: string }
)

/** Writes rows in one release's order of keys and forms of values, without the sink's envelope. */
export interface RowFormat {
  /** Whether request rows name the tool calls that the model asked for. */
  readonly namesAskedCalls: boolean
  /** Whether requests that name no session get a row. */
  readonly hasUnattributedRows: boolean
  /** What all rows of a trajectory share: the beginning of their context, without its closing brace. */
  contextText(identity: RowIdentity): string
  /** @param epochMs What time 0 of the trace is on the clock. */
  request(out: TextBuffer, row: RequestRow, epochMs: number): void
  tool(out: TextBuffer, row: ToolRow): void
}

/** What stands between the values of a row, in the order of the row. */
const part = encodeAll({
  agentTrace: '{"schema":"dynamo.agent.trace.v1"',
  requestTrace: '{"schema":"dynamo.request.trace.v1"',
  requestEnd: ',"event_type":"request_end","event_time_unix_ms":',
  dynamoContext: ',"event_source":"dynamo","agent_context":',
  sessionFinal: ',"session_final":true',
  userMessage: ',"input_trigger":"user_message"',
  toolResult: ',"input_trigger":"tool_result"',
  request: '},"request":{"request_id":"',
  requestAlone: ',"request":{"request_id":"',
  xRequestId: '","x_request_id":"',
  model: '","model":"',
  inputTokens: '","input_tokens":',
  outputTokens: ',"output_tokens":',
  cachedTokens: ',"cached_tokens":',
  received: ',"request_received_ms":',
  prefillWait: ',"prefill_wait_time_ms":',
  prefill: ',"prefill_time_ms":',
  ttft: ',"ttft_ms":',
  total: ',"total_time_ms":',
  interToken: ',"avg_itl_ms":',
  kvHitRate: ',"kv_hit_rate":',
  queueDepth: ',"queue_depth":',
  prefillWorker: ',"worker":{"prefill_worker_id":',
  decodeWorker: ',"prefill_dp_rank":0,"decode_worker_id":',
  replay: `,"decode_dp_rank":0},"replay":{"trace_block_size":${BLOCK_TOKENS},"input_length":`,
  hashes: ',"input_sequence_hashes":[',
  hashesEnd: ']}',
  finish: ',"finish_reason_metadata":{"finish_reason":"',
  backendFinish: '","backend_finish_reason":"',
  firstAskedCall: '","tool_calls":[{"choice_index":0,"tool_call_index":',
  nextAskedCall: '"},{"choice_index":0,"tool_call_index":',
  askedCallId: ',"id":"call-',
  askedCallName: '","name":"',
  choicesAfterCalls: '"}],"choices":[{"choice_index":0,"finish_reason":"',
  choices: '","choices":[{"choice_index":0,"finish_reason":"',
  choicesEnd: '"}]}',
  end: '}}',

  toolEvent: ',"event_type":"',
  toolEventTime: '","event_time_unix_ms":',
  harnessContext: ',"event_source":"harness","agent_context":',
  toolCallId: '},"tool":{"tool_call_id":"call-',
  toolClass: '","tool_class":"',
  startedAt: '","started_at_unix_ms":',
  endedAt: ',"ended_at_unix_ms":',
  status: ',"status":"',
  running: ',"status":"running"}}',
  duration: '","duration_ms":',
  outputBytes: '.0,"output_bytes":',
  errorType: '.0,"error_type":"',
  errorTypeEnd: '"}}',
})

/** Dynamo 1.2.1 and 1.6.1, as the captured traces have them. */
export const rowFormats = {
  '1.2': {
    namesAskedCalls: false,
    hasUnattributedRows: false,
    contextText: ({ sessionId, trajectoryId, parentId }) =>
      `{"session_type_id":"coding-agent","session_id":"${sessionId}","trajectory_id":"${trajectoryId}"` +
      (parentId === undefined ? '' : `,"parent_trajectory_id":"${parentId}"`),
    request(out, row, epochMs) {
      out.bytes(part.agentTrace)
      writeRequestTime(out, row, epochMs)
      if (row.context !== undefined) out.bytes(part.dynamoContext).bytes(row.context)
      writeMetrics(out, row, epochMs)
      out.bytes(part.end)
    },
    tool(out, row) {
      out.bytes(part.agentTrace)
      writeTool(out, row)
    },
  },
  '1.6': {
    namesAskedCalls: true,
    hasUnattributedRows: true,
    contextText: ({ trajectoryId, parentId }) =>
      `{"session_id":"${trajectoryId}"` + (parentId === undefined ? '' : `,"parent_session_id":"${parentId}"`),
    request(out, row, epochMs) {
      out.bytes(part.requestTrace)
      writeRequestTime(out, row, epochMs)
      if (row.context !== undefined) {
        out.bytes(part.dynamoContext).bytes(row.context)
        if (row.final === true) out.bytes(part.sessionFinal)
        out.bytes(part[row.trigger])
      }
      writeMetrics(out, row, epochMs)
      writeFinish(out, row)
      out.bytes(part.end)
    },
    tool(out, row) {
      out.bytes(part.requestTrace)
      writeTool(out, row)
    },
  },
} as const satisfies Record<string, RowFormat>

/** The Dynamo releases whose rows can be written. */
export type Generation = keyof typeof rowFormats

/** The event of a request is its time of receipt and its rounded duration. */
function writeRequestTime(out: TextBuffer, { served: { startNs, totalNs } }: RequestRow, epochMs: number): void {
  out.bytes(part.requestEnd).integer(epochMs + startNs / 1e6 + Math.round(totalNs / 1e6))
}

/** The request object without its closing brace: more may follow. */
function writeMetrics(out: TextBuffer, { served, context }: RequestRow, epochMs: number): void {
  const { outputTokens, ttftNs, totalNs, waitNs, worker } = served
  out.bytes(context === undefined ? part.requestAlone : part.request).uuid(served.requestId)
  if (context !== undefined) out.bytes(part.xRequestId).uuid(served.xRequestId).bytes(part.model).bytes(served.model)
  out.bytes(part.inputTokens).integer(served.inputTokens)
  out.bytes(part.outputTokens).integer(outputTokens)
  out.bytes(part.cachedTokens).integer(served.cachedTokens)
  out.bytes(part.received).integer(epochMs + served.startNs / 1e6)
  out.bytes(part.prefillWait).milliseconds(waitNs)
  out.bytes(part.prefill).milliseconds(ttftNs - waitNs)
  out.bytes(part.ttft).milliseconds(ttftNs)
  out.bytes(part.total).milliseconds(totalNs)
  if (outputTokens > 1) out.bytes(part.interToken).float((totalNs - ttftNs) / (outputTokens - 1) / 1e6)
  out.bytes(part.kvHitRate).float(served.kvHitRate)
  out.bytes(part.queueDepth).integer(served.queueDepth)
  out.bytes(part.prefillWorker).bytes(worker.prefillId).bytes(part.decodeWorker).bytes(worker.decodeId)
  out.bytes(part.replay).integer(served.inputTokens).bytes(part.hashes)
  served.prompt.writeHashes(out)
  out.bytes(part.hashesEnd)
}

function writeFinish(out: TextBuffer, { finishReason, asked }: RequestRow): void {
  if (finishReason === undefined) return
  out.bytes(part.finish).text(finishReason)
  out.bytes(part.backendFinish).text(finishReason === 'tool_calls' ? 'stop' : finishReason)
  for (let index = 0; index < asked.length; index++) {
    const call = asked[index]
    if (call === undefined) break
    out.bytes(index === 0 ? part.firstAskedCall : part.nextAskedCall).integer(index)
    out.bytes(part.askedCallId).uuid(call.id).bytes(part.askedCallName).text(call.toolClass)
  }
  out.bytes(asked.length > 0 ? part.choicesAfterCalls : part.choices).text(finishReason).bytes(part.choicesEnd)
}

function writeTool(out: TextBuffer, row: ToolRow): void {
  const { startedAtMs, end } = row
  out.bytes(part.toolEvent).text(row.type).bytes(part.toolEventTime).integer(row.eventTimeMs)
  out.bytes(part.harnessContext).bytes(row.context).bytes(part.toolCallId).uuid(row.id)
  out.bytes(part.toolClass).text(row.toolClass).bytes(part.startedAt).integer(startedAtMs)
  if (end === undefined) {
    out.bytes(part.running)
    return
  }
  out.bytes(part.endedAt).integer(end.endedAtMs).bytes(part.status).text(end.status)
  out.bytes(part.duration).integer(end.endedAtMs - startedAtMs)
  if (end.status === 'succeeded') out.bytes(part.outputBytes).integer(end.outputBytes).bytes(part.end)
  else out.bytes(part.errorType).text(end.errorType).bytes(part.errorTypeEnd)
}

function encodeAll<Name extends string>(texts: Readonly<Record<Name, string>>): Readonly<Record<Name, Uint8Array>> {
  const encoded = Object.entries<string>(texts).map(([name, text]) => [name, encode(text)])
  return Object.fromEntries(encoded) as Record<Name, Uint8Array>
}
