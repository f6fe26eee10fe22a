// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import {
  createAgentContext,
  createSubagentContext,
  DEFAULT_SESSION_TYPE_ID,
  findIdProblem,
  repairAgentContext,
  toSafeId,
  type AgentContextInput,
} from '../../src/index.ts'
import { child } from '../support.ts'

describe('createAgentContext', () => {
  test('the session id alone makes the root trajectory', () => {
    expect(createAgentContext({ sessionId: 'run' })).toEqual({
      sessionId: 'run',
      trajectoryId: 'run',
      sessionTypeId: DEFAULT_SESSION_TYPE_ID,
    })
  })

  test('keeps what it is given, and no key for what it is not', () => {
    const input = { sessionId: 's', trajectoryId: 't', parentTrajectoryId: 'p', sessionTypeId: 'type' }
    expect(createAgentContext(input)).toEqual(input)
    expect(createAgentContext({ sessionId: 's', parentTrajectoryId: undefined })).not.toHaveProperty(
      'parentTrajectoryId',
    )
  })

  test.each([
    ['an empty session id', { sessionId: '' }, 'sessionId is empty'],
    [
      'a long trajectory id',
      { sessionId: 's', trajectoryId: 'x'.repeat(257) },
      'trajectoryId is longer than 256 bytes',
    ],
    ['a parent in UTF-8', { sessionId: 's', parentTrajectoryId: 'p\u00e9' }, 'parentTrajectoryId is not visible ASCII'],
    ['a type with blanks', { sessionId: 's', sessionTypeId: 'my type' }, 'sessionTypeId is not visible ASCII'],
    ['an id that is no string', { sessionId: 7 as unknown as string }, 'sessionId is not a string'],
    ['no id at all', {} as AgentContextInput, 'sessionId is not a string'],
    [
      'a trajectory that is its own parent',
      { sessionId: 's', trajectoryId: 't', parentTrajectoryId: 't' },
      'trajectory "t" is its own parent',
    ],
    ['a root that is its own parent', { sessionId: 's', parentTrajectoryId: 's' }, 'trajectory "s" is its own parent'],
  ])('refuses %s', (_, input, message) => {
    expect(() => createAgentContext(input)).toThrow(
      expect.objectContaining({
        code: 'DYN_INVALID_IDENTITY',
        message,
        advice: expect.stringContaining('visible ASCII') as string,
      }),
    )
  })
})

describe('repairAgentContext', () => {
  test('reports nothing when nothing was wrong', () => {
    expect(repairAgentContext({ ...child })).toEqual({ context: child, repairs: [] })
  })

  test('mends each field by itself and says which', () => {
    const { context, repairs } = repairAgentContext({
      sessionId: '',
      trajectoryId: 'x'.repeat(300),
      parentTrajectoryId: 'the parent',
      sessionTypeId: '\u4ee3\u7406',
    })
    expect(repairs).toEqual([
      { field: 'sessionId', problem: 'empty' },
      { field: 'trajectoryId', problem: 'too-long' },
      { field: 'sessionTypeId', problem: 'not-visible-ascii' },
      { field: 'parentTrajectoryId', problem: 'not-visible-ascii' },
    ])
    expect(context).toEqual({
      sessionId: toSafeId(''),
      trajectoryId: toSafeId('x'.repeat(300)),
      parentTrajectoryId: toSafeId('the parent'),
      sessionTypeId: toSafeId('\u4ee3\u7406'),
    })
  })

  test('a mended session id is the root trajectory too, and counts once', () => {
    const { context, repairs } = repairAgentContext({ sessionId: 'my run' })
    expect(context.trajectoryId).toBe(context.sessionId)
    expect(repairs).toHaveLength(1)
  })

  test('drops a parent that is the trajectory itself', () => {
    const { context, repairs } = repairAgentContext({ sessionId: 's', trajectoryId: 't', parentTrajectoryId: 't' })
    expect(context).toEqual({ sessionId: 's', trajectoryId: 't', sessionTypeId: DEFAULT_SESSION_TYPE_ID })
    expect(repairs).toEqual([{ field: 'parentTrajectoryId', problem: 'parent-is-self' }])
  })

  test('sees through two bad ids that are the same', () => {
    const { context, repairs } = repairAgentContext({ sessionId: 's', trajectoryId: 'a b', parentTrajectoryId: 'a b' })
    expect(context.parentTrajectoryId).toBeUndefined()
    expect(repairs.map((repair) => repair.problem)).toEqual([
      'not-visible-ascii',
      'not-visible-ascii',
      'parent-is-self',
    ])
  })

  test('null is absent', () => {
    const input = { sessionId: 's', trajectoryId: null, parentTrajectoryId: null, sessionTypeId: null }
    expect(repairAgentContext(input as unknown as AgentContextInput)).toEqual({
      context: { sessionId: 's', trajectoryId: 's', sessionTypeId: DEFAULT_SESSION_TYPE_ID },
      repairs: [],
    })
  })

  const anything: readonly unknown[] = [
    undefined,
    null,
    42,
    7n,
    true,
    Symbol('s'),
    {},
    [],
    Object.create(null),
    () => 'x',
  ]

  test.each([[undefined], [null], [7], ['s'], [[]]])('reports that %j names no session', (input) => {
    const { context, repairs } = repairAgentContext(input as unknown as AgentContextInput)
    expect(repairs).toEqual([{ field: 'sessionId', problem: 'not-a-string' }])
    expect(context).toEqual(repairAgentContext({} as AgentContextInput).context)
  })

  test.each(anything.map((value) => [value]))(
    'never throws, whatever a harness in plain JavaScript hands over (%#)',
    (value) => {
      const fields = { sessionId: value, trajectoryId: value, parentTrajectoryId: value, sessionTypeId: value }
      const input = fields as AgentContextInput
      const { context, repairs } = repairAgentContext(input)
      for (const id of Object.values(context)) expect(findIdProblem(id)).toBeUndefined()
      expect(repairs).toContainEqual({ field: 'sessionId', problem: 'not-a-string' })
      expect(repairAgentContext(input).context).toEqual(context)
    },
  )

  test('a number makes the id that it looks like', () => {
    expect(repairAgentContext({ sessionId: 42 as unknown as string }).context.sessionId).toBe('42')
  })
})

describe('createSubagentContext', () => {
  test('keeps the session and names the parent', () => {
    const parent = createAgentContext({ sessionId: 's', sessionTypeId: 'coding' })
    const first = createSubagentContext(parent, 'a')
    expect(first).toEqual({ sessionId: 's', trajectoryId: 'a', parentTrajectoryId: 's', sessionTypeId: 'coding' })
    expect(createSubagentContext(first, 'b')).toEqual({ ...first, trajectoryId: 'b', parentTrajectoryId: 'a' })
  })

  test("refuses a bad id and the parent's own", () => {
    expect(() => createSubagentContext(child, 'a b')).toThrow(expect.objectContaining({ code: 'DYN_INVALID_IDENTITY' }))
    expect(() => createSubagentContext(child, child.trajectoryId)).toThrow('is its own parent')
  })
})
