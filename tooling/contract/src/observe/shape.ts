// SPDX-License-Identifier: Apache-2.0

/**
 * Keys in their order and types of values, without the values:
 * `{id, choices: [{index#}], usage: null}`. A bare name is a string, `#` marks
 * a number and `?` a boolean. Of a list, each shape that occurs in it once.
 */
export function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return `[${[...new Set(value.map(shapeOf))].join(', ')}]`
  if (value === null) return 'null'
  if (typeof value !== 'object') return mark(value) ?? 'text'
  const members = Object.entries(value).map(([key, member]) => {
    const suffix = typeof member === 'string' ? '' : mark(member)
    return suffix === undefined ? `${key}: ${shapeOf(member)}` : key + suffix
  })
  return `{${members.join(', ')}}`
}

/** The same of something that may not be there. */
export function shapeOrNone(value: unknown): string {
  return value === undefined ? 'none' : shapeOf(value)
}

function mark(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return '#'
  return typeof value === 'boolean' ? '?' : undefined
}
