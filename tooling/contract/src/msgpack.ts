// SPDX-License-Identifier: Apache-2.0

/** A number that goes out as float64 even where it is whole. */
export class Float64 {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/**
 * msgpack with the last word on types: which numbers are integers and which
 * are floats is what Dynamo's ingest looks at, and an encoder for JavaScript
 * decides that by the value.
 */
export function encodeMsgpack(value: unknown): Buffer {
  if (value === null || value === undefined) return Buffer.from([0xc0])
  if (typeof value === 'boolean') return Buffer.from([value ? 0xc3 : 0xc2])
  if (typeof value === 'number') return Number.isInteger(value) ? encodeInteger(value) : encodeFloat(value)
  if (typeof value === 'string') return encodeText(value, 0xdb)
  if (value instanceof Float64) return encodeFloat(value.value)
  if (Array.isArray(value)) return Buffer.concat([sized(0xdd, value.length), ...value.map(encodeMsgpack)])
  const entries = Object.entries(value)
  return Buffer.concat([sized(0xdf, entries.length), ...entries.flat().map(encodeMsgpack)])
}

function encodeInteger(value: number): Buffer {
  const bytes = Buffer.alloc(9)
  if (value < 0) {
    bytes[0] = 0xd3
    bytes.writeBigInt64BE(BigInt(value), 1)
  } else {
    bytes[0] = 0xcf
    bytes.writeBigUInt64BE(BigInt(value), 1)
  }
  return bytes
}

function encodeFloat(value: number): Buffer {
  const bytes = Buffer.alloc(9)
  bytes[0] = 0xcb
  bytes.writeDoubleBE(value, 1)
  return bytes
}

function encodeText(text: string, type: number): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([sized(type, bytes.length), bytes])
}

function sized(type: number, size: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes[0] = type
  bytes.writeUInt32BE(size, 1)
  return bytes
}
