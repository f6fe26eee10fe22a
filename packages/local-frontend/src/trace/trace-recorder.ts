// SPDX-License-Identifier: Apache-2.0
import { appendFile } from 'node:fs/promises'
import { DEFAULT_TOOL_EVENT_TOPIC, type DynamoAgentError } from '@dynamo-agent/core'
import { createJsonlSink } from '@dynamo-agent/jsonl-sink'
import { createToolEventReceiver } from '@dynamo-agent/transport-zmq'
import { compact } from '../compact.ts'
import type { GenerationTraits } from '../generation.ts'
import type { LocalFrontendCounters, ToolEventOptions, TraceOptions } from '../options.ts'
import { within } from '../within.ts'
import { createToolIngest } from './tool-ingest.ts'
import { createTraceLog, type TraceLog } from './trace-log.ts'

export interface TraceRecorderOptions {
  readonly traits: GenerationTraits
  readonly trace: TraceOptions | undefined
  readonly toolEvents: ToolEventOptions | false
  /** Epoch milliseconds, fractional. */
  readonly now: () => number
  /** What each step of `drain` and `close` takes at most. */
  readonly closeTimeoutMs: number
  readonly onDropped: (reason: string) => void
}

/** Everything that goes into one trace: rows of requests, rows of tool calls, and the files that hold them. */
export interface TraceRecorder {
  readonly log: TraceLog
  readonly files: readonly string[]
  /** Why rows are lost, if the disk does not take them. */
  readonly problem: DynamoAgentError | undefined
  readonly toolEventsEndpoint: string | undefined
  readonly toolEventsTopic: string
  readonly toolEvents: LocalFrontendCounters['toolEvents']
  readonly rows: LocalFrontendCounters['rows']
  /**
   * Makes the `jsonl` file while it has no rows yet, as Dynamo does at its
   * start (measured on 1.2.1 and 1.6.1), so that it can be followed. To be
   * called when the frontend is up: one that does not start leaves no file.
   */
  begin(): Promise<void>
  /** Waits for the last tool events, gives every open call its end, and puts all rows on disk. */
  drain(): Promise<void>
  close(): Promise<void>
}

/** A sender that is still there sends again sooner than this. */
const QUIET_MS = 100

/**
 * @throws DynamoAgentError `DYN_OUTPUT_UNWRITABLE`, `DYN_PORT_IN_USE`,
 * `DYN_INVALID_ENDPOINT`, `DYN_ZMQ_UNAVAILABLE`
 */
export async function openTraceRecorder(options: TraceRecorderOptions): Promise<TraceRecorder> {
  const { traits, trace, toolEvents, now, closeTimeoutMs } = options
  const sink = trace && createJsonlSink(compact({ ...trace, closeTimeoutMs }))
  await sink?.open()
  const log = createTraceLog({ sink, now })
  const ingest = createToolIngest({ dialect: traits.dialect, log, now, onDropped: options.onDropped })
  const { bind = 'tcp://127.0.0.1:0', topic = traits.defaultTopic } = toolEvents || {}
  const receiver =
    toolEvents === false
      ? undefined
      : await createToolEventReceiver({ bind, topic, onRecord: ingest.accept, onRejected: ingest.reject }).catch(
          async (error: unknown) => {
            await sink?.close()
            throw error
          },
        )

  return {
    log,
    get files() {
      return sink?.files ?? []
    },
    get problem() {
      return sink?.problem
    },
    toolEventsEndpoint: receiver?.endpoint,
    toolEventsTopic: topic === '' ? DEFAULT_TOOL_EVENT_TOPIC : topic,
    get toolEvents() {
      return { ...ingest.counters, droppedByReason: { ...ingest.counters.droppedByReason } }
    },
    get rows() {
      return { written: sink?.counters.written ?? 0, dropped: sink?.counters.dropped ?? 0 }
    },
    async begin() {
      if (trace === undefined || trace.format === 'jsonl_gz') return
      // That it can be written is known; what has changed since, the first row will tell.
      await appendFile(trace.path, '').catch(() => undefined)
    },
    async drain() {
      await receiver?.drain(QUIET_MS, closeTimeoutMs)
      ingest.cancelOpen()
      if (sink !== undefined) await within(closeTimeoutMs, sink.flush())
    },
    async close() {
      await receiver?.drain(QUIET_MS, closeTimeoutMs)
      await receiver?.close()
      ingest.cancelOpen()
      await sink?.close()
    },
  }
}
