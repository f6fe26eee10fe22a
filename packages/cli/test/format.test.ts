// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import {
  formatBar,
  formatBytes,
  formatColumns,
  formatCounted,
  formatDuration,
  formatPath,
  formatShare,
} from '../src/format.ts'

describe('numbers for people', () => {
  test.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [6240, '6.2 s'],
    [59_949, '59.9 s'],
    [59_999, '1 min 0 s'],
    [725_000, '12 min 5 s'],
    [8_040_000, '2 h 14 min'],
    [7_199_999, '2 h 0 min'],
    [1e300, 'more than 1,000,000 h'],
  ])('%d ms reads as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1200, '1.2 kB'],
    [148_000_000, '148 MB'],
    [999_600, '1.0 MB'],
  ])('%d bytes read as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  test('counts have their noun in the right number', () => {
    expect([0, 1, 41_310].map((count) => formatCounted(count, 'request'))).toEqual([
      '0 requests',
      '1 request',
      '41,310 requests',
    ])
    expect(formatCounted(3, 'trajectory', 'trajectories')).toBe('3 trajectories')
    expect(formatShare(0.784)).toBe('78 %')
  })

  test.each([
    [0, ''],
    [0.0001, '▏'],
    [0.5, '████'],
    [0.3, '██▍'],
    [1, '████████'],
    [7, '████████'],
  ])('a share of %d fills its part of a bar of eight', (share, bar) => {
    expect(formatBar(share, 8)).toBe(bar)
  })
})

test('columns are as wide as their widest cell', () => {
  expect(
    formatColumns(
      [
        ['a', '1 s', 'x'],
        ['bbb', '100 s', ''],
      ],
      [1],
    ),
  ).toEqual(['a      1 s  x', 'bbb  100 s'])
})

test('a path is relative below the working directory and absolute elsewhere', () => {
  expect(formatPath('/home/me/out/trace.jsonl', '/home/me')).toBe('out/trace.jsonl')
  expect(formatPath('/tmp/trace.jsonl', '/home/me')).toBe('/tmp/trace.jsonl')
  expect(formatPath('/home/me', '/home/me')).toBe('/home/me')
})
