// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { encodeHarnessRecord, parseTraceLine, type HarnessRecord } from '../../src/index.ts'
import { harnessRowSchema } from '../../src/trace/schemas.ts'
import { fullRecords } from './records.ts'

const named = fullRecords.map((record) => [record.type, record] as const)

/** Every object of a row that holds fields, the row itself included. */
function objectsOf(value: object): Record<string, unknown>[] {
  const nested = Object.values(value).filter((item): item is object => typeof item === 'object' && item !== null)
  return [value as Record<string, unknown>, ...nested.flatMap(objectsOf)]
}

/** The record again and again, each time with another of its fields replaced. */
function* withEachField<T extends object>(record: T, replace: (value: unknown) => unknown): Generator<T> {
  for (const [place, object] of objectsOf(record).entries()) {
    for (const key of Object.keys(object)) {
      const copy = structuredClone(record)
      const target = objectsOf(copy)[place]
      if (target === undefined || (target === objectsOf(copy)[0] && key === 'type')) continue
      target[key] = replace(target[key])
      yield copy
    }
  }
}

describe.each(named)('a row of %s', (_, record) => {
  test('is as the schema has it', () => {
    expect(harnessRowSchema.parse(encodeHarnessRecord(record))).toMatchObject({
      schema: 'dynamo.agent.harness.v1',
      event_type: record.type,
      event_time_unix_ms: 2000,
      event_source: 'pi',
      agent_context: {
        session_type_id: 'coding',
        session_id: 'run-1',
        trajectory_id: 'run-1:child',
        parent_trajectory_id: 'run-1:root',
      },
    })
  })

  test('is read back as it was, with and without envelope', () => {
    const row = encodeHarnessRecord(record)
    expect(parseTraceLine(JSON.stringify(row))).toEqual({ kind: 'harness', record })
    expect(parseTraceLine(JSON.stringify({ timestamp: 7, event: row }))).toEqual({ kind: 'harness', record })
  })

  test('names its units: no key but these is a number', () => {
    const keys = objectsOf(encodeHarnessRecord(record) ?? {}).flatMap((fields) =>
      Object.keys(fields).filter((key) => typeof fields[key] === 'number'),
    )
    const unit = /_ms$|_usd$|bytes$|tokens|messages|_index$|^attempt$|^status$|^turns$|_calls$|_errors$|^compactions$/
    expect(keys.filter((key) => !unit.test(key))).toEqual([])
  })

  test.each([
    ['NaN', NaN],
    ['infinity', -Infinity],
    ['beyond what a double counts', 1e300],
    ['below zero', -4.5],
    ['a fraction', 12.75],
    ['an empty text', ''],
    ['a long text', 'x'.repeat(5000)],
    ['half of a character', 'x'.repeat(255) + '😀'],
    ['null', null],
    ['nothing', undefined],
    ['a list', [1]],
  ])('validates or is not written where one field is %s', (_, value) => {
    for (const changed of withEachField(record, () => value)) {
      const row = encodeHarnessRecord(changed)
      if (row !== undefined) expect(harnessRowSchema.safeParse(JSON.parse(JSON.stringify(row))).error).toBeUndefined()
    }
  })

  test('has a reader that takes any field of any type, and unknown ones', () => {
    const row = encodeHarnessRecord(record)
    for (const fields of objectsOf(row ?? {})) fields.added_later = { by: ['another', 'release'] }
    expect(parseTraceLine(JSON.stringify(row))).toEqual({ kind: 'harness', record })
    for (const value of [null, [], {}, '', 'text', true, 1e300]) {
      for (const changed of withEachField(row ?? {}, () => value)) {
        expect(['harness', 'skipped']).toContain(parseTraceLine(JSON.stringify(changed)).kind)
      }
    }
  })
})

describe('numbers are made to fit', () => {
  test.each([
    [1999.6, 2000],
    [-3, 0],
    [1e300, Number.MAX_SAFE_INTEGER],
  ])('a time of %d is written as %d', (eventTimeMs, written) => {
    const [first] = fullRecords
    expect(first && encodeHarnessRecord({ ...first, eventTimeMs })?.event_time_unix_ms).toBe(written)
  })
})

describe('a record without what every row of its type has is not written', () => {
  test.each<[string, unknown]>([
    ['no record', undefined],
    ['an unknown type', { ...fullRecords[0], type: 'session_pause' }],
    ['a time that is NaN', { ...fullRecords[0], eventTimeMs: NaN }],
    ['no identity', { ...fullRecords[0], identity: undefined }],
    ['no detail', { ...fullRecords[0], session: undefined }],
    ['a detail of another type', { ...fullRecords[4], type: 'turn_end' }],
  ])('%s', (_, record) => {
    expect(encodeHarnessRecord(record as HarnessRecord)).toBeUndefined()
  })
})

describe('a row that is none is skipped with its reason', () => {
  const row = { ...encodeHarnessRecord(fullRecords[4] ?? ({} as HarnessRecord)) }
  test.each([
    ['unknown-schema', { ...row, schema: 'dynamo.agent.harness.v2' }],
    ['unknown-event-type', { ...row, event_type: 'toString' }],
    ['unknown-event-type', { ...row, event_type: undefined }],
    ['incomplete', { ...row, checkpoint: { bytes: 'many', total_bytes: 1 } }],
    ['incomplete', { ...row, agent_context: { session_id: 's' } }],
    ['incomplete', { ...row, event_time_unix_ms: '2000' }],
  ])('%s', (reason, changed) => {
    expect(parseTraceLine(JSON.stringify(changed))).toEqual({ kind: 'skipped', reason })
  })
})

describe('the strict schema refuses', () => {
  const turn = { ...encodeHarnessRecord(fullRecords[1] ?? ({} as HarnessRecord)) }
  test.each<[string, unknown]>([
    ['a prompt', { ...turn, prompt: 'hello' }],
    ['an unknown key deep down', { ...turn, agent_context: { session_id: 's', trajectory_id: 't', cwd: '/home' } }],
    ['a fractional time', { ...turn, event_time_unix_ms: 0.5 }],
    ['a name as long as a text', { ...turn, event_source: 'x'.repeat(257) }],
    ['an envelope', { timestamp: 0, event: turn }],
  ])('%s', (_, row) => {
    expect(harnessRowSchema.safeParse(row).success).toBe(false)
  })
})
