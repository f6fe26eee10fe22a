// SPDX-License-Identifier: Apache-2.0

/** A decoded field: a varint as bigint, the rest as bytes. */
export type WireField = readonly [number: number, value: bigint | Uint8Array]

/** Decodes one protobuf message; throws where it is not well-formed. */
export function readMessage(bytes: Uint8Array): WireField[] {
  let offset = 0
  const varint = (): bigint => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = bytes[offset++]
      if (byte === undefined) throw new Error('cut off inside a varint')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  const take = (length: number): Uint8Array => {
    if (offset + length > bytes.length) throw new Error('cut off inside a field')
    return bytes.subarray(offset, (offset += length))
  }
  const fields: WireField[] = []
  while (offset < bytes.length) {
    const tag = Number(varint())
    const wireType = tag % 8
    if (![0, 1, 2].includes(wireType)) throw new Error(`wire type ${wireType}`)
    const value = wireType === 0 ? varint() : take(wireType === 1 ? 8 : Number(varint()))
    fields.push([Math.floor(tag / 8), value])
  }
  return fields
}

/** The messages and bytes under one field number. */
export function submessages(fields: readonly WireField[], number: number): Uint8Array[] {
  return fields.flatMap(([field, value]) => (field === number && typeof value !== 'bigint' ? [value] : []))
}

/** The integers under one field number. */
export function integers(fields: readonly WireField[], number: number): bigint[] {
  return fields.flatMap(([field, value]) => (field === number && typeof value === 'bigint' ? [value] : []))
}

/** The message at the end of a path of field numbers, the first of each. */
export function dig(bytes: Uint8Array, ...path: readonly number[]): Uint8Array | undefined {
  return path.reduce<Uint8Array | undefined>(
    (message, field) => message && submessages(readMessage(message), field)[0],
    bytes,
  )
}
