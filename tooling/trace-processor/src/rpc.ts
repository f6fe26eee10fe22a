// SPDX-License-Identifier: Apache-2.0
import type { Engine } from './engine.ts'
import { decodeQueryResult, type Row } from './query-result.ts'
import { bytesField, readFields, varintField } from './wire.ts'

/** The calls of trace_processor.proto that a judge needs. */
export interface Rpc {
  append(chunk: Uint8Array): void
  finalize(): void
  query(sql: string): Row[]
}

/** Field numbers of TraceProcessorRpc and the messages in it. */
const rpcField = { seq: 1, request: 2, fatalError: 5, appendTraceData: 101, queryArgs: 103 } as const
const resultField = { appendTraceData: 201, query: 203, finalize: 212 } as const
const method = { appendTraceData: 1, finalizeTraceData: 2, queryStreaming: 3 } as const

export function createRpc(engine: Engine): Rpc {
  let sequence = 0

  function call(request: number, ...argument: Uint8Array[]): Map<number, Uint8Array[]> {
    const message = Buffer.concat([
      varintField(rpcField.seq, sequence++),
      varintField(rpcField.request, request),
      ...argument,
    ])
    const results = new Map<number, Uint8Array[]>()
    for (const [, frame] of readFields(engine.exchange(bytesField(1, message)))) {
      if (typeof frame === 'bigint') continue
      for (const [number, value] of readFields(frame)) {
        if (typeof value === 'bigint') continue
        if (number === rpcField.fatalError) throw new Error(`trace_processor failed: ${text(value)}`)
        results.set(number, [...(results.get(number) ?? []), value])
      }
    }
    return results
  }

  /** Both results of loading carry their error as a field of text. */
  function refuse(results: readonly Uint8Array[] = [], errorField: number): void {
    for (const result of results) {
      for (const [number, value] of readFields(result)) {
        if (number === errorField && typeof value !== 'bigint' && value.length > 0) {
          throw new Error(`trace_processor refuses the trace: ${text(value)}`)
        }
      }
    }
  }

  return {
    append(chunk) {
      const results = call(method.appendTraceData, bytesField(rpcField.appendTraceData, chunk))
      refuse(results.get(resultField.appendTraceData), 2)
    },
    finalize() {
      refuse(call(method.finalizeTraceData).get(resultField.finalize), 1)
    },
    query(sql) {
      const argument = bytesField(rpcField.queryArgs, bytesField(1, Buffer.from(sql)))
      return decodeQueryResult(call(method.queryStreaming, argument).get(resultField.query) ?? [])
    },
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString()
}
