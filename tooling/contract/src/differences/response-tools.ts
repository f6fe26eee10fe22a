// SPDX-License-Identifier: Apache-2.0
import { since } from '../by-release.ts'
import type { RequestCase, Section } from './cases.ts'
import { noVariant, notOfType, outOfRange, unknownVariant } from './errors.ts'
import { requestCases } from './request-cases.ts'

const { body, value } = requestCases('/v1/responses')

const read = { type: 'function', name: 'read', description: 'd', parameters: { type: 'object', properties: {} } }

const someTypes = [
  ...['function', 'file_search', 'computer_use_preview', 'web_search', 'web_search_2025_08_26', 'mcp'],
  'code_interpreter',
]
const moreTypes = [
  ...['image_generation', 'local_shell', 'shell', 'custom', 'computer', 'namespace', 'tool_search'],
  ...['web_search_preview', 'web_search_preview_2025_03_11', 'apply_patch'],
]

const unsupportedType = (key: string, type: string) =>
  `400 Failed to convert responses request: Unsupported Responses ${key} type '${type}': the Chat Completions ` +
  'adapter supports only function tools and none, auto, required, named function, or function-only allowed_tools ' +
  'choices'

/** A tool that says it is strict; only 1.6 looks whether it is. */
const strict = (what: string, parameters: object, problem?: string): RequestCase =>
  body(
    `\`strict\` of ${what}`,
    { tools: [{ ...read, parameters, strict: true }] },
    since('200', {
      '1.6.1':
        problem === undefined
          ? '200'
          : `400 Failed to convert responses request: Invalid schema for function 'read': In context=${problem}`,
    }),
  )

/** Tools of a response. */
export const responseTools: Section<RequestCase> = {
  title: 'Tools of a response',
  note: '`tools` and `tool_choice` of a response.',
  cases: [
    value('tools', [], since('200')),
    value('tools', null, since('200')),
    value('tools', 'x', since(notOfType('invalid type: string "x", expected a sequence', 62))),
    value('tools', [3], since(notOfType('invalid type: integer `3`, expected internally tagged enum Tool', 62))),
    value('tools', [{}], since(notOfType('missing field `type`', 63))),
    value('tools', [{ type: 'function' }], since(notOfType('missing field `name`', 80))),
    value(
      'tools',
      [{ type: 'function', name: 3 }],
      since(notOfType('invalid type: integer `3`, expected a string', 89)),
    ),
    value('tools', [{ type: 'function', name: 'read' }], since('200')),
    body('`tools` with a function', { tools: [read] }, since('200')),
    body('`tools` with the same twice', { tools: [read, read] }, since('200')),
    body(
      '`tools` as chat completions have them',
      { tools: [{ type: 'function', function: { name: 'read' } }] },
      since(notOfType('missing field `name`', 107)),
    ),
    value(
      'tools',
      [{ type: 'function', name: 'read', description: 3 }],
      since(notOfType('invalid type: integer `3`, expected a string', 110)),
    ),
    value(
      'tools',
      [{ type: 'function', name: 'read', parameters: 'x' }],
      since('200', { '1.5.1': '400 Function parameters at index 0 for "read" must be a JSON Schema object' }),
    ),
    value(
      'tools',
      [{ type: 'function', name: 'read', strict: 'x' }],
      since(notOfType('invalid type: string "x", expected a boolean', 107)),
    ),
    value(
      'tools',
      [{ type: 'zzz' }],
      since(unknownVariant('zzz', [...someTypes, ...moreTypes], 75), {
        '1.6.1': unknownVariant('zzz', [...someTypes, 'programmatic_tool_calling', ...moreTypes], 75),
      }),
    ),
    value('tools', [{ type: 'web_search' }], since('200', { '1.6.1': unsupportedType('tools', 'web_search') })),
    value('tools', [{ type: 'local_shell' }], since('200', { '1.6.1': unsupportedType('tools', 'local_shell') })),
    value('tools', [{ type: 'custom', name: 'x' }], since(notOfType('missing field `format`', 89))),
    value(
      'tools',
      [{ type: 'custom', name: 'x', format: { type: 'text' } }],
      since('200', { '1.6.1': unsupportedType('tools', 'custom') }),
    ),
    body(
      '`tools` with a function and `web_search`',
      { tools: [read, { type: 'web_search' }] },
      since('200', { '1.6.1': unsupportedType('tools', 'web_search') }),
    ),
    strict('an open object', { type: 'object' }, '#, object schemas require additionalProperties: false'),
    strict('a closed object', { type: 'object', properties: {}, additionalProperties: false }),
    strict(
      'a property that is not required',
      { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false },
      "#/required, must include property 'a'",
    ),
    strict(
      'an open object inside',
      {
        type: 'object',
        properties: { a: { type: 'array', items: { type: 'object', properties: {} } } },
        additionalProperties: false,
        required: ['a'],
      },
      '#/properties/a/items, object schemas require additionalProperties: false',
    ),
    strict('a text', { type: 'string' }, '#, root must have object-only type'),
    strict(
      'an empty schema',
      {},
      '#, unsupported root representation: Dynamo requires an object-only type or local-reference chain',
    ),
    body('`strict` without parameters', { tools: [{ type: 'function', name: 'read', strict: true }] }, since('200')),
    value('tool_choice', 'auto', since('200')),
    value('tool_choice', 'none', since('200')),
    value('tool_choice', null, since('200')),
    value(
      'tool_choice',
      'required',
      since('200', {
        '1.3.1': '400 tool_choice `required` needs at least one tool definition',
        '1.4.2': '400 tool_choice is "required" but tools is empty',
      }),
    ),
    value('tool_choice', 'zzz', since(noVariant('ToolChoiceParam', 70))),
    value('tool_choice', 3, since(noVariant('ToolChoiceParam', 66))),
    value(
      'tool_choice',
      { type: 'function', name: 'read' },
      since('200', {
        '1.3.1': '400 tool `read` was not provided in `tools`',
        '1.4.2': '400 tool named "read" in tool_choice is not present in tools',
      }),
    ),
    value('tool_choice', { type: 'web_search' }, since(noVariant('ToolChoiceParam', 86))),
    value(
      'tool_choice',
      { type: 'web_search_preview' },
      since('200', { '1.6.1': unsupportedType('tool_choice', 'web_search_preview') }),
    ),
    value(
      'tool_choice',
      { type: 'custom', name: 'x' },
      since('200', { '1.6.1': unsupportedType('tool_choice', 'custom') }),
    ),
    value(
      'tool_choice',
      { type: 'allowed_tools', mode: 'auto', tools: [] },
      since('200', {
        '1.6.1': '400 Failed to convert responses request: Responses allowed_tools must contain at least one function',
      }),
    ),
    body('`tool_choice` required with a tool', { tools: [read], tool_choice: 'required' }, since('200')),
    body('`tool_choice` the tool', { tools: [read], tool_choice: { type: 'function', name: 'read' } }, since('200')),
    body(
      '`tool_choice` another tool',
      { tools: [read], tool_choice: { type: 'function', name: 'zzz' } },
      since('200', {
        '1.3.1': '400 tool `zzz` was not provided in `tools`',
        '1.4.2': '400 tool named "zzz" in tool_choice is not present in tools',
      }),
    ),
    body(
      '`tool_choice` one of these',
      {
        tools: [read],
        tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'read' }] },
      },
      since('200'),
    ),
    body(
      '`tool_choice` required and `temperature` 9',
      { tool_choice: 'required', temperature: 9 },
      outOfRange('temperature', 9, { problem: 'Temperature must be between 0 and 2, got 9', range: '[0, 2]' }),
    ),
  ],
}
