// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { encodeAgentHints, mergeAgentHints, type AgentHints } from '../../src/index.ts'

/** Hints as a caller without types may give them. */
const loose = (hints: object) => hints as AgentHints

describe('mergeAgentHints', () => {
  test('later layers win, key by key', () => {
    const provider = { priority: 1, strictPriority: 1, outputLength: 100 }
    const context = { priority: 2, strictPriority: 2 }
    const call = { priority: 3 }
    expect(mergeAgentHints(provider, context, call)).toEqual({ priority: 3, strictPriority: 2, outputLength: 100 })
  })

  test.each([
    ['no layer', [], {}],
    ['layers that are missing', [undefined, { priority: 1 }, undefined], { priority: 1 }],
    [
      'zero and false, which are values',
      [
        { priority: 5, speculativePrefill: true },
        { priority: 0, speculativePrefill: false },
      ],
      { priority: 0, speculativePrefill: false },
    ],
    ['an explicit undefined, which says nothing', [{ priority: 5 }, loose({ priority: undefined })], { priority: 5 }],
    ['undefined alone, which leaves no key', [loose({ priority: undefined })], {}],
    ['keys that are no hints, which stay behind', [loose({ priority: 1, zzz: 1 })], { priority: 1 }],
    ['a hostile key', [JSON.parse('{"__proto__":{"priority":9}}') as AgentHints], {}],
  ])('takes %s', (_, layers, merged) => {
    const result = mergeAgentHints(...layers)
    expect(result).toStrictEqual(merged)
    expect(result.priority).toBe((merged as AgentHints).priority)
  })

  test('leaves its layers as they are', () => {
    const provider = Object.freeze({ priority: 1 })
    expect(mergeAgentHints(provider, { priority: 2 })).not.toBe(provider)
    expect(provider).toEqual({ priority: 1 })
  })
})

describe('encodeAgentHints gives Dynamo only what it accepts', () => {
  test('every hint by its name on the wire', () => {
    const hints = { priority: -3, strictPriority: 2, outputLength: 512, speculativePrefill: true }
    expect(encodeAgentHints(hints)).toStrictEqual({
      priority: -3,
      strict_priority: 2,
      osl: 512,
      speculative_prefill: true,
    })
  })

  test.each([
    ['nothing', {}, undefined],
    ['only undefined', { priority: undefined, speculativePrefill: undefined }, undefined],
    [
      'a fraction, which Dynamo answers 400 to',
      { priority: 1.5, strictPriority: 1.4, outputLength: 99.5 },
      { priority: 2, strict_priority: 1, osl: 100 },
    ],
    ['a fraction just below zero', { priority: -0.4 }, { priority: 0 }],
    ['a negative tier or length', { strictPriority: -1, outputLength: -4 }, { strict_priority: 0, osl: 0 }],
    ['a priority beyond i32', { priority: 2 ** 40 }, { priority: 2 ** 31 - 1 }],
    ['a priority below i32', { priority: -(2 ** 40) }, { priority: -(2 ** 31) }],
    [
      'a tier and a length beyond u32',
      { strictPriority: 1e300, outputLength: 2 ** 32 },
      { strict_priority: 2 ** 32 - 1, osl: 2 ** 32 - 1 },
    ],
    ['infinity', { priority: Infinity, outputLength: -Infinity }, { priority: 2 ** 31 - 1, osl: 0 }],
    ['what is no number', { priority: NaN, strictPriority: '7', outputLength: null }, undefined],
    ['what is no boolean', { speculativePrefill: 'yes' }, undefined],
    ['false', { speculativePrefill: false }, { speculative_prefill: false }],
    ['a key that Dynamo does not know', { priority: 1, zzz: 1 }, { priority: 1 }],
  ])('%s', (_, hints, wire) => {
    expect(encodeAgentHints(loose(hints))).toStrictEqual(wire)
  })
})
