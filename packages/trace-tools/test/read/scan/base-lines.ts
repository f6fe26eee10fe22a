// SPDX-License-Identifier: Apache-2.0
import { readLines, traceFiles } from '@dynamo-agent/fixtures'

/** Rows as the releases wrote them, payload rows left out. */
export const capturedLines = traceFiles.flatMap(readLines).filter((line) => line.endsWith('}') && !line.includes('request_payload'))

const hashes = [18446744073709551615n, 0n, 320008248693337276n].join()

/** Rows that have all that a release could write, some of which no capture has. */
export const fullLines = [
  `{"timestamp":1,"event":{"schema":"dynamo.agent.trace.v1","event_type":"request_end","event_time_unix_ms":1795258881335,"event_source":"ms_agent",` +
    `"agent_context":{"workflow_type_id":"coding","workflow_id":"w-1","program_id":"p-2","parent_program_id":"p-1","session_final":false},` +
    `"request":{"request_id":"r-1","model":"tiny","kv_transfer_estimated_latency_ms":0.25,"queue_depth":3}}}`,
  `{"timestamp":1,"event":{"schema":"dynamo.agent.trace.v1","event_type":"tool_error","event_time_unix_ms":1795258881335,"event_source":"harness",` +
    `"agent_context":{"session_type_id":"coding","session_id":"s","trajectory_id":"t","parent_trajectory_id":"p","trajectory_final":true},` +
    `"tool":{"tool_call_id":"c","tool_class":"bash","started_at_unix_ms":1795258881330,"ended_at_unix_ms":1795258881335,"status":"failed",` +
    `"duration_ms":5.25,"output_tokens":12,"output_bytes":373,"tool_name_hash":"h","error_type":"ExitError"}}}`,
  `{"schema":"dynamo.request.trace.v1","event_type":"request_end","event_time_unix_ms":1795258881335,"event_source":"dynamo",` +
    `"agent_context":{"session_id":"s","parent_session_id":"p","session_final":true,"kv_hints":{"evict_session":true},"input_trigger":"tool_result",` +
    `"compaction":{"trigger":"auto"},"agent_headers":{"x-codex-turn":["a","b \\u00e9"]}},` +
    `"request":{"request_id":"r","x_request_id":"x","model":"m","input_tokens":800,"output_tokens":16,"cached_tokens":64,"request_received_ms":1795258881330,` +
    `"prefill_wait_time_ms":5.5192239999999995,"prefill_time_ms":0.5,"ttft_ms":6.1,"total_time_ms":1e2,"avg_itl_ms":4.412339533333333,"kv_hit_rate":0.08,` +
    `"kv_transfer_estimated_latency_ms":1.5,"queue_depth":0,"worker":{"prefill_worker_id":18446744073709551615,"prefill_dp_rank":1,"decode_worker_id":7,"decode_dp_rank":0},` +
    `"replay":{"trace_block_size":64,"input_length":800,"input_sequence_hashes":[${hashes}],"kv_hints":{"retain_full_prompt":{"ttl_seconds":3}},"completion_sequence_hashes":[${hashes}]},` +
    `"finish_reason_metadata":{"finish_reason":"tool_calls","backend_finish_reason":"stop","stop_reason":"</s> }]\\"","tool_calls":[{"choice_index":0,"tool_call_index":1,"id":"c","name":"ba\\"sh"}],` +
    `"choices":[{"choice_index":0,"finish_reason":"stop","stop_reason":128001}]}}}`,
]

/** Rows of a harness log among which are some that nearly are rows of Dynamo. */
export const harnessLines = [
  `{"schema":"dynamo.agent.harness.v1","event_type":"turn_end","event_time_unix_ms":1795258881335,"event_source":"pi",` +
    `"agent_context":{"session_type_id":"coding","session_id":"s","trajectory_id":"t","parent_trajectory_id":"p"},` +
    `"turn":{"turn_index":3,"started_at_unix_ms":1795258881300,"duration_ms":35.25,"provider":"dynamo","model":"m","request_id":"r","outcome":"succeeded",` +
    `"context":{"messages":8,"bytes":40000},"growth":{"messages":-3,"bytes":-2500},"usage":{"input_tokens":800,"cost_usd":0.0125}}}`,
  `{"timestamp":1,"event":{"schema":"dynamo.agent.harness.v1","event_type":"checkpoint","event_time_unix_ms":1795258881335,"event_source":"harness",` +
    `"agent_context":{"session_id":"s","trajectory_id":"t"},"checkpoint":{"bytes":12,"total_bytes":373}}}`,
  `{"schema":"dynamo.agent.harness.v1","event_type":"request_end","event_time_unix_ms":1795258881335,"event_source":"dynamo",` +
    `"agent_context":{"session_id":"s"},"request":{"request_id":"r"}}`,
]
