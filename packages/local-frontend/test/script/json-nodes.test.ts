// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { JsonFault, parseJsonNodes } from '../../src/script/json-nodes.ts'

describe('parsing JSON with positions', () => {
  test.each([
    ['{}'],
    ['[]'],
    ['null'],
    [' [ true , false , null ] '],
    ['-1.5e+3'],
    ['0'],
    ['""'],
    ['"\\u00e9 \\n \\" \\\\ \\/ \u007f \u0080 \u2028 日本 👋"'],
    ['"\\ud83d"'],
    ['{"a":{"b":[1,{"c":"d"}]},"":2,"__proto__":{"x":1},"1":[]}'],
    ['{\r\n\t"a" : 1 }'],
  ])('%s is what JSON.parse makes of it', (text) => {
    expect(JSON.stringify(parseJsonNodes(text).value)).toBe(JSON.stringify(JSON.parse(text)))
  })

  test.each([
    [''], ['{'], ['}'], ['[1,]'], ['{"a":1,}'], ["{'a':1}"], ['{"a" 1}'], ['01'], ['1.'], ['.5'], ['+1'], ['1e'], ['-'],
    ['NaN'], ['nul'], ['"\t"'], ['"\\u12"'], ['"a'], ['[1 2]'], ['1 2'], ['[1]]'], ['undefined'], ['\u00a01'],
  ])('%j is refused, as JSON.parse refuses it', (text) => {
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError)
    expect(() => parseJsonNodes(text)).toThrow(JsonFault)
  })

  test('every value knows its line and path', () => {
    const root = parseJsonNodes('{\n  "list": [\n    1,\n    {"odd key": "a\\nb",\n     "z": 2}]\n}')
    const list = root.members?.get('list')
    const item = list?.items?.[1]
    const places = [root, list, list?.items?.[0], item, item?.members?.get('odd key'), item?.members?.get('z')]
    expect(places.map((node) => `${node?.line} ${node?.path}`)).toEqual([
      '1 ',
      '2 list',
      '3 list[0]',
      '4 list[1]',
      '4 list[1]["odd key"]',
      '5 list[1].z',
    ])
  })

  test('integers that no double holds stay exact', () => {
    expect(parseJsonNodes('[18446744073709551615]').value).toEqual([18_446_744_073_709_551_615n])
  })

  test('takes linear time', () => {
    const started = performance.now()
    parseJsonNodes(JSON.stringify('long '.repeat(2_000_000)))
    parseJsonNodes(JSON.stringify({ turns: Array.from({ length: 50_000 }, (_, index) => `turn "${index}"`) }))
    expect(() => parseJsonNodes(`"${'\\'.repeat(200_001)}`)).toThrow(JsonFault)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
