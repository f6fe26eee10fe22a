// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { addNvext } from '../../src/provider/payload.ts'

it('puts hints and identity beside what the body has', () => {
  expect(addNvext({ model: 'm', nvext: { extra_fields: ['timing'] } }, { agent_hints: { priority: 3 } })).toEqual({
    model: 'm',
    nvext: { extra_fields: ['timing'], agent_hints: { priority: 3 } },
  })
})

it('keeps each hint and the identity that the body has already', () => {
  const body = { nvext: { agent_context: { session_id: 'mine' }, agent_hints: { priority: 9 } } }
  const added = { agent_context: { session_id: 'ours' }, agent_hints: { priority: 3, osl: 100 } }
  expect(addNvext(body, added)).toEqual({
    nvext: { agent_context: { session_id: 'mine' }, agent_hints: { priority: 9, osl: 100 } },
  })
})

it.each([['a text', 'body'], ['a list', [1]], ['nothing', undefined]])('lets %s pass as it is', (_what, body) => {
  expect(addNvext(body, { agent_hints: { priority: 3 } })).toBe(body)
})

it('leaves the body alone when there is nothing to say', () => {
  const body = { model: 'm' }
  expect(addNvext(body, undefined)).toBe(body)
})
