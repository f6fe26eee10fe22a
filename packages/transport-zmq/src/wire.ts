// SPDX-License-Identifier: Apache-2.0
import { WireFloat, type WireToolEvent } from '@dynamo-agent/core'
import { Encoder } from '@msgpack/msgpack'
import { readMsgpack } from './msgpack-reader.ts'

/**
 * One tool event on the wire: three frames, the topic, an 8-byte big-endian
 * sequence number and a msgpack map (measured on Dynamo 1.2.1 to 1.6.1, which
 * drop any other number of frames).
 */

// An epoch time in milliseconds must arrive as an integer: Dynamo's fields are
// u64, and one float fails the whole record. This encoder writes uint64.
const encoder = new Encoder({ ignoreUndefined: true })

export function encodeRecord(record: WireToolEvent): Uint8Array {
  return encoder.encode(record)
}

export function encodeSequence(sequence: bigint): Uint8Array {
  const frame = Buffer.allocUnsafe(8)
  frame.writeBigUInt64BE(sequence)
  return frame
}

/** Why a message is not a tool event. */
export type MessageFault = 'frame-count' | 'other-topic' | 'not-msgpack'

export type DecodedMessage = { readonly record: unknown; readonly sequence: bigint } | { readonly fault: MessageFault }

/** @param topic Compared byte for byte; undefined takes any. */
export function decodeMessage(frames: readonly Uint8Array[], topic: Uint8Array | undefined): DecodedMessage {
  const [topicFrame, sequenceFrame, payload] = frames
  if (frames.length !== 3 || topicFrame === undefined || sequenceFrame === undefined || payload === undefined) {
    return { fault: 'frame-count' }
  }
  if (topic !== undefined && Buffer.compare(topic, topicFrame) !== 0) return { fault: 'other-topic' }
  const record = decodeRecord(payload)
  return record === undefined ? { fault: 'not-msgpack' } : { record, sequence: decodeSequence(sequenceFrame) }
}

/** The first msgpack map or array of a payload; like Dynamo, whatever follows it is ignored. */
function decodeRecord(payload: Uint8Array): object | undefined {
  try {
    const value = readMsgpack(payload)
    return typeof value === 'object' && value !== null && !(value instanceof Uint8Array || value instanceof WireFloat)
      ? value
      : undefined
  } catch {
    return undefined
  }
}

/** Dynamo never reads this frame and takes any length; we read up to 8 bytes of it. */
function decodeSequence(frame: Uint8Array): bigint {
  let sequence = 0n
  for (const byte of frame.subarray(0, 8)) sequence = (sequence << 8n) | BigInt(byte)
  return sequence
}
