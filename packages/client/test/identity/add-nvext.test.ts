// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { addNvextToText } from '../../src/identity/add-nvext.ts'
import { addNvext } from '../../src/index.ts'

describe('a body as data', () => {
  test('gets hints and identity beside what it has', () => {
    expect(addNvext({ model: 'm', nvext: { extra_fields: ['timing'] } }, { agent_hints: { priority: 3 } })).toEqual({
      model: 'm',
      nvext: { extra_fields: ['timing'], agent_hints: { priority: 3 } },
    })
  })

  test('keeps each hint and the identity that it has already', () => {
    const body = { nvext: { agent_context: { session_id: 'mine' }, agent_hints: { priority: 9 } } }
    const added = { agent_context: { session_id: 'ours' }, agent_hints: { priority: 3, osl: 100 } }
    expect(addNvext(body, added)).toEqual({
      nvext: { agent_context: { session_id: 'mine' }, agent_hints: { priority: 9, osl: 100 } },
    })
  })

  test('takes one that is undefined for none', () => {
    expect(addNvext({ nvext: undefined }, { agent_hints: { priority: 3 } })).toEqual({
      nvext: { agent_hints: { priority: 3 } },
    })
  })

  test.each([['a text', 'body'], ['a list', [1]], ['nothing', undefined]])('%s passes as it is', (_what, body) => {
    expect(addNvext(body, { agent_hints: { priority: 3 } })).toBe(body)
  })

  test('stays as it is when there is nothing to say', () => {
    const body = { model: 'm' }
    expect(addNvext(body, undefined)).toBe(body)
  })
})

describe('a body as text', () => {
  const hints = { agent_hints: { priority: 3 } }
  const own = { session_id: 'S', trajectory_id: 'T' }
  const add = (text: string, nvext?: Parameters<typeof addNvext>[1]) => addNvextToText(text, nvext, () => own)

  test.each([
    ['with keys', '{"model":"m"}', '{"nvext":{"agent_hints":{"priority":3}},"model":"m"}'],
    ['that is empty', ' { } ', ' {"nvext":{"agent_hints":{"priority":3}} } '],
    ['that speaks of nvext', '{"a":"\\"nvext\\" $&"}', '{"nvext":{"agent_hints":{"priority":3}},"a":"\\"nvext\\" $&"}'],
    ['whose text has it as a value', '{"a":"nvext"}', '{"nvext":{"agent_hints":{"priority":3}},"a":"nvext"}'],
    [
      'with nvext and numbers that no double holds',
      '{"seed":18446744073709551615,"nvext":{"backend_instance_id":18224117679878816586}}',
      '{"seed":18446744073709551615,"nvext":{"agent_hints":{"priority":3},"backend_instance_id":18224117679878816586}}',
    ],
  ])('%s', (_what, text, expected) => {
    expect(add(text, hints)).toBe(expected)
    expect(JSON.parse(expected)).toHaveProperty('nvext.agent_hints.priority', 3)
  })

  test.each([
    ['with nothing to add', '{"model": "m"}', undefined],
    ['with nvext and nothing to add', '{ "nvext": {"extra_fields": []} }', undefined],
    ['that has been added to before, whatever its form', '{ "a": 1e400, "nvext":{"agent_hints":{"priority":3}} }', hints],
    ['that is no JSON', '{"nvext" oops', hints],
    ['that is no object', '["nvext"]', hints],
  ])('%s stays to the byte', (_what, text, nvext) => {
    expect(add(text, nvext)).toBe(text)
  })

  const carrying = (context: object, nvext = {}) =>
    JSON.stringify({ model: 'm', nvext: { agent_context: context, ...nvext } })

  test('loses the same identity of another dialect', () => {
    expect(add(carrying(own))).toBe('{"model":"m"}')
    expect(add(carrying(own, hints))).toBe('{"model":"m","nvext":{"agent_hints":{"priority":3}}}')
    expect(JSON.parse(add(carrying(own), { agent_context: own }))).toEqual(JSON.parse(carrying(own)))
  })

  test('keeps the identity of somebody else', () => {
    const text = carrying({ session_id: 'mine', trajectory_id: 18446744073709551615n.toString() })
    expect(add(text)).toBe(text)
  })
})
