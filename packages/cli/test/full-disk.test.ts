// SPDX-License-Identifier: Apache-2.0
import { fixtureFolder } from '@dynamo-agent/fixtures'
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bin, temporaryFolder } from './support/run.ts'

const trace = join(fixtureFolder, 'dynamo-1.6.1-agent-run.jsonl')

describe.skipIf(!existsSync('/dev/full'))('a full disk is said to be one, with what to do', () => {
  test.each([
    ['under a timeline', ['trace', 'convert', trace, '-o', '-']],
    ['under a compressed timeline', ['trace', 'convert', trace, '-o', '-', '--gzip']],
    ['under what a conversion says', ['trace', 'convert', trace, '-o', 'out.pftrace', '--json']],
    ['under what a validation says', ['trace', 'validate', trace]],
    ['under a usage text', ['--help']],
  ])('%s', (_name, args) => {
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(process.execPath, [bin, ...args], {
      cwd: temporaryFolder(),
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    })
    closeSync(full)
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: [
        'dynamo-agent: cannot write standard output',
        '  no space left on device',
        '  Send it to a file on a disk that has room for it.',
        '',
      ].join('\n'),
    })
  })

  test('under a file that is named', () => {
    const args = ['trace', 'convert', trace, '-o', '/dev/full']
    const { status, stderr } = spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^dynamo-agent: cannot write \/dev\/full: ENOSPC/),
      '  Make room on that disk, or name a place on another one.',
    ])
  })
})
