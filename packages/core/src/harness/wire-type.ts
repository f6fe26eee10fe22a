// SPDX-License-Identifier: Apache-2.0
import { boolean, isFields, number, text } from '../trace/loose-fields.ts'

/**
 * How a value stands on the wire. `undefined` in either direction means that
 * the value cannot be used: it counts as absent, and where it is required, so
 * does the whole that it is part of.
 */
export interface WireType<T> {
  read(value: unknown): T | undefined
  write(value: T): unknown
}

/** Longest name in characters: an id or a class fits, a text that somebody wrote rarely does. */
export const MAX_NAME_LENGTH = 256

/** A whole number of 0 or more. */
export const count = numberType((value) => clamp(Math.round(value), 0))

/** A whole number. */
export const difference = numberType((value) => clamp(Math.round(value), Number.MIN_SAFE_INTEGER))

/** A number of 0 or more. */
export const amount = numberType((value) => Math.max(0, value))

/** Readers take every number; what is written is made to fit. */
function numberType(fit: (value: number) => number): WireType<number> {
  return {
    read: number,
    write: (value) => (Number.isFinite(value) ? fit(value) : undefined),
  }
}

function clamp(value: number, least: number): number {
  return Math.min(Math.max(value, least), Number.MAX_SAFE_INTEGER)
}

/** An id, a class or another name. */
export const name: WireType<string> = {
  read: text,
  write: (value) => (typeof value === 'string' && value !== '' ? value.slice(0, MAX_NAME_LENGTH) : undefined),
}

export const flag: WireType<boolean> = { read: boolean, write: boolean }

export function oneOf<const T extends string>(...values: readonly T[]): WireType<T> {
  const find = (value: unknown) => values.find((known) => known === value)
  return { read: find, write: find }
}

interface WireField<T, Required extends boolean> {
  readonly key: string
  readonly type: WireType<T>
  readonly required: Required
}

export function required<T>(key: string, type: WireType<T>): WireField<T, true> {
  return { key, type, required: true }
}

export function optional<T>(key: string, type: WireType<T>): WireField<T, false> {
  return { key, type, required: false }
}

/** One wire field for each property, required exactly where the property is. */
type WireFieldsOf<T> = {
  readonly [K in keyof T]-?: WireField<Exclude<T[K], undefined>, object extends Pick<T, K> ? false : true>
}

/** An object whose properties have names of their own on the wire. */
export function struct<T extends object>(fields: WireFieldsOf<T>): WireType<T> {
  const entries = Object.entries<WireField<unknown, boolean>>(fields as Record<string, WireField<unknown, boolean>>)
  return {
    read(value) {
      if (!isFields(value)) return undefined
      const result: Record<string, unknown> = {}
      for (const [property, { key, type, required }] of entries) {
        const item = type.read(value[key])
        if (item !== undefined) result[property] = item
        else if (required) return undefined
      }
      return result as T
    },
    write(value) {
      if (!isFields(value)) return undefined
      const result: Record<string, unknown> = {}
      for (const [property, { key, type, required }] of entries) {
        const given = value[property]
        const item = given === undefined ? undefined : type.write(given)
        if (item !== undefined) result[key] = item
        else if (required) return undefined
      }
      return result
    },
  }
}
