// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { describe, expect, test } from 'vitest'
import { parseScript } from '../../src/script/parse-script.ts'

describe('a script file', () => {
  test('is read whole', () => {
    const script = parseScript(
      `{
        "version": 1,
        "models": [{ "id": "scripted-coder", "contextWindow": 131072 }, { "id": "small" }],
        "conversations": [
          {
            "name": "reviewer",
            "when": { "system": "You review", "user": "Review" },
            "turns": [
              { "text": "Reading.", "reasoning": "First look.", "outputTokens": 120,
                "toolCalls": [
                  { "name": "read", "arguments": { "path": "a.ts", "__proto__": 1 } },
                  { "name": "list" }
                ] },
              "Looks good."
            ]
          }
        ]
      }`,
      'demo.json',
    )
    expect(script).toEqual({
      models: [
        { id: 'scripted-coder', contextWindow: 131_072 },
        { id: 'small', contextWindow: 0 },
      ],
      conversations: [
        {
          name: 'reviewer',
          when: { system: 'You review', user: 'Review' },
          turns: [
            {
              text: 'Reading.',
              reasoning: 'First look.',
              outputTokens: 120,
              toolCalls: [
                { name: 'read', arguments: JSON.parse('{"path":"a.ts","__proto__":1}') as unknown },
                { name: 'list', arguments: {} },
              ],
            },
            { text: 'Looks good.', reasoning: '', toolCalls: [] },
          ],
        },
      ],
    })
  })

  test('may be turns alone', () => {
    expect(parseScript('{"turns": ["Hello.", {"toolCalls": [{"name": "ls"}]}]}', 'tiny.json')).toEqual({
      models: [{ id: 'scripted', contextWindow: 0 }],
      conversations: [
        {
          name: 'script',
          when: {},
          turns: [
            { text: 'Hello.', reasoning: '', toolCalls: [] },
            { text: '', reasoning: '', toolCalls: [{ name: 'ls', arguments: {} }] },
          ],
        },
      ],
    })
  })

  test('may start with a byte order mark', () => {
    expect(parseScript('\uFEFF{"turns": ["Hello."]}', 'bom.json').conversations).toHaveLength(1)
  })
})

const faults: readonly [name: string, text: string, message: string][] = [
  ['an empty file', '', 'demo.json:1: expected a value, found the end'],
  ['blank lines alone', '\n\n', 'demo.json:3: expected a value, found the end'],
  ['no object', '[]', 'demo.json:1: must be an object'],
  ['a missing comma', '{\n"version": 1\n"turns": []}', 'demo.json:3: expected "," or "}", found "\\""'],
  ['a trailing comma', '{"turns": ["a",\n]}', 'demo.json:2: turns[1]: expected a value, found "]"'],
  ['a trailing comma in an object', '{"turns": ["a"],}', 'demo.json:1: expected a key in double quotes, found "}"'],
  ['a key without quotes', '{turns: []}', 'demo.json:1: expected a key in double quotes, found "t"'],
  ['a key without colon', '{\n  "turns" []}', 'demo.json:2: turns: expected ":" after the key, found "["'],
  ['an unended string', '{"turns": ["a]}', 'demo.json:1: turns[0]: expected a value, found "\\""'],
  ['a line break in a string', '{"turns": ["a\nb"]}', 'demo.json:1: turns[0]: expected a value, found "\\""'],
  ['a bad escape', '{"turns": ["\\x"]}', 'demo.json:1: turns[0]: expected a value, found "\\""'],
  ['a bad number', '{"version": 01}', 'demo.json:1: version: expected a value, found "0"'],
  ['a bad word', '{"version": True}', 'demo.json:1: version: expected a value, found "T"'],
  ['a comment', '// mine\n{}', 'demo.json:1: expected a value, found "/"'],
  ['a file cut off', '{"turns": [\n{"text": "a"', 'demo.json:2: turns[0]: expected "," or "}", found the end'],
  ['text behind the end', '{"turns": ["a"]}\n}', 'demo.json:2: expected the end, found "}"'],
  ['a key given twice', '{"turns": ["a"],\n"turns": ["b"]}', 'demo.json:2: turns: stands here a second time'],
  [
    'endless nesting',
    `{"turns": ${'['.repeat(5000)}`,
    `demo.json:1: turns${'[0]'.repeat(200)}: is nested more than 200 deep`,
  ],
  ['another version', '{"version": 2, "turns": ["a"]}', 'demo.json:1: version: must be 1, the only version there is'],
  ['nothing in it', '{}', 'demo.json:1: conversations: is missing'],
  ['no conversation', '{"conversations": []}', 'demo.json:1: conversations: must not be empty'],
  ['no turn', '{\n"turns": []}', 'demo.json:2: turns: must not be empty'],
  [
    'an unknown key',
    '{"turns": ["a"],\n"modles": []}',
    'demo.json:2: modles: is not a known key; did you mean models?',
  ],
  [
    'a key in another style',
    '{"turns": [{"tool_calls": []}]}',
    'demo.json:1: turns[0].tool_calls: is not a known key; did you mean toolCalls?',
  ],
  [
    'a key like none',
    '{"turns": [{"temperature": 1}]}',
    'demo.json:1: turns[0].temperature: is not a known key; known are text, reasoning, toolCalls, outputTokens',
  ],
  [
    'a key that is no name',
    '{"a b": 1}',
    'demo.json:1: ["a b"]: is not a known key; known are version, models, conversations',
  ],
  ['an empty turn', '{"turns": [\n{}]}', 'demo.json:2: turns[0]: must have text or toolCalls'],
  ['a turn of another type', '{"turns": [7]}', 'demo.json:1: turns[0]: must be an object'],
  [
    'no tokens',
    '{"turns": [{"text": "", "outputTokens": 0}]}',
    'demo.json:1: turns[0].outputTokens: must be a whole number, 1 or more',
  ],
  [
    'half a token',
    '{"turns": [{"text": "", "outputTokens": 1.5}]}',
    'demo.json:1: turns[0].outputTokens: must be a whole number, 1 or more',
  ],
  [
    'arguments as text',
    '{"turns": [{"toolCalls": [{"name": "a", "arguments": "{}"}]}]}',
    'demo.json:1: turns[0].toolCalls[0].arguments: must be an object',
  ],
  [
    'a blank name',
    '{"turns": [{"toolCalls": [{"name": " "}]}]}',
    'demo.json:1: turns[0].toolCalls[0].name: must not be empty',
  ],
  ['a model without id', '{"models": [{}], "turns": ["a"]}', 'demo.json:1: models[0].id: is missing'],
  [
    'a model given twice',
    '{"models": [{"id": "a"},\n{"id": "a"}], "turns": ["a"]}',
    'demo.json:2: models[1].id: "a" is taken already',
  ],
  [
    'a conversation given twice',
    '{"conversations": [{"name": "a", "turns": ["x"]},\n{"name": "a", "turns": ["x"]}]}',
    'demo.json:2: conversations[1].name: "a" is taken already',
  ],
  [
    'a condition that matches everything by mistake',
    '{"conversations": [{"name": "a", "when": {"user": ""}, "turns": ["x"]}]}',
    'demo.json:1: conversations[0].when.user: must not be empty',
  ],
]

describe('a fault is named with file, line and path', () => {
  test.each(faults)('%s', (_name, text, message) => {
    expect(faultOf(text)).toMatchObject({ code: 'DYN_INVALID_SCRIPT', message })
  })

  test('deep in a long file', () => {
    const text = JSON.stringify(
      {
        conversations: [
          { name: 'a', turns: ['one', 'two', { text: 'three', toolCalls: [{ name: 7, arguments: {} }] }] },
        ],
      },
      null,
      2,
    )
    expect(faultOf(text)?.message).toBe('demo.json:12: conversations[0].turns[2].toolCalls[0].name: must be a string')
  })
})

function faultOf(text: string): DynamoAgentError | undefined {
  try {
    parseScript(text, 'demo.json')
    return undefined
  } catch (error) {
    return DynamoAgentError.isInstance(error) ? error : undefined
  }
}
