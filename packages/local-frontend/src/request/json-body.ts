// SPDX-License-Identifier: Apache-2.0

/** A body that is a JSON object; nothing else is known of it. */
export type JsonBody = Readonly<Record<string, unknown>>

export function isJsonBody(value: unknown): value is JsonBody {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The fields of an object, or none. */
export function asFields(value: unknown): JsonBody {
  return isJsonBody(value) ? value : {}
}

/** The items of a list, or none. */
export function asItems(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The fields of `body[key]`, or none. */
export function fieldsOf(body: JsonBody, key: string): JsonBody {
  return asFields(body[key])
}

/** The items of `body[key]`, or none. */
export function itemsOf(body: JsonBody, key: string): readonly unknown[] {
  return asItems(body[key])
}
