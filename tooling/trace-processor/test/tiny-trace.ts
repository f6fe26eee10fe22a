// SPDX-License-Identifier: Apache-2.0
import { bytesField, varintField } from '../src/wire.ts'

/** Slices of a hand-made trace: nested when their packets are. */
export type TinyPacket =
  | { readonly track: number; readonly name: string; readonly parent?: number; readonly rank?: number }
  | {
      readonly begin: string
      readonly on: number
      readonly at: number
      readonly category?: string
      readonly flow?: Flow
    }
  | { readonly end: number; readonly at: number }

interface Flow {
  readonly out?: number
  readonly in?: number
}

/** Encodes a native Perfetto trace, field by field. */
export function tinyTrace(packets: readonly TinyPacket[]): Uint8Array {
  return Buffer.concat(packets.map((packet, index) => bytesField(1, Buffer.concat(encode(packet, index === 0)))))
}

function encode(packet: TinyPacket, first: boolean): Uint8Array[] {
  const sequence = [varintField(10, 7), varintField(13, first ? 3 : 2)]
  if ('track' in packet) {
    const { track, name, parent, rank = 0 } = packet
    const descriptor = [
      varintField(1, track),
      text(2, name),
      varintField(11, 3),
      varintField(12, rank),
      varintField(15, 2),
    ]
    if (parent !== undefined) descriptor.push(varintField(5, parent))
    return [...sequence, bytesField(60, Buffer.concat(descriptor))]
  }
  const event =
    'begin' in packet
      ? [varintField(9, 1), varintField(11, packet.on), text(23, packet.begin), text(22, packet.category ?? 'tiny')]
      : [varintField(9, 2), varintField(11, packet.end)]
  const flow = 'begin' in packet ? packet.flow : undefined
  if (flow?.out !== undefined) event.push(fixed64Field(47, flow.out))
  if (flow?.in !== undefined) event.push(fixed64Field(48, flow.in))
  return [...sequence, varintField(8, packet.at), bytesField(11, Buffer.concat(event))]
}

function text(number: number, value: string): Uint8Array {
  return bytesField(number, Buffer.from(value))
}

function fixed64Field(number: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return Buffer.concat([Uint8Array.of(...varintTag(number)), bytes])
}

function varintTag(number: number): number[] {
  const tag = (number << 3) | 1
  return [(tag & 0x7f) | 0x80, tag >> 7]
}
