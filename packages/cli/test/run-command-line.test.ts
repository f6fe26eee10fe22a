// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commands } from '../src/commands.ts'
import { run, temporaryFolder } from './support/run.ts'
import { writeScript } from './support/scripts.ts'

const usages = ['', 'trace', ...commands.map(({ name }) => name)]

describe('help', () => {
  test.each(usages)('of dynamo-agent %s', async (words) => {
    const args = words.split(' ').filter((word) => word !== '')
    const { code, stdout, stderr } = await run([...args, '--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    await expect(stdout).toMatchFileSnapshot(join('usage', `${['dynamo-agent', ...args].join('-')}.txt`))
    expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([])
    expect((await run([...args, '-h'])).stdout).toBe(stdout)
  })

  test('names every option that a command has, and no other', async () => {
    for (const { load } of commands) {
      const { usage, optionNames } = await load()
      const named = [...usage.matchAll(/^ +(?:-\w, )?--([a-z-]+)/gm)].map(([, name]) => name)
      expect(named.sort()).toEqual([...optionNames].sort())
    }
  })
})

test('--version prints the version of the package', async () => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as { version: string }
  expect(await run(['--version'])).toMatchObject({ code: 0, stdout: `${manifest.version}\n`, stderr: '' })
})

describe('a command line that cannot be understood exits with 2 and says how it is typed', () => {
  test.each([
    {
      args: [],
      stderr: [
        'dynamo-agent: dynamo-agent needs a command',
        '  The commands are demo, serve, record, doctor, trace convert, trace validate.',
        '  Usage: dynamo-agent COMMAND [OPTION…]',
      ],
    },
    {
      args: ['recrod', '--', 'true'],
      stderr: [
        'dynamo-agent: there is no command "recrod"',
        '  Did you mean record?',
        '  Usage: dynamo-agent COMMAND [OPTION…]',
      ],
    },
    {
      args: ['trace'],
      stderr: [
        'dynamo-agent: dynamo-agent trace needs a command',
        '  The commands are trace convert, trace validate.',
        '  Usage: dynamo-agent trace COMMAND [OPTION…]',
      ],
    },
    {
      args: ['trace', 'convrt', 'x.jsonl'],
      stderr: [
        'dynamo-agent: there is no command "trace convrt"',
        '  Did you mean trace convert?',
        '  Usage: dynamo-agent trace COMMAND [OPTION…]',
      ],
    },
    {
      args: ['serve', '--scirpt', 'x.json'],
      stderr: [
        'dynamo-agent: serve has no option --scirpt',
        '  Did you mean --script?',
        '  Usage: dynamo-agent serve (--script FILE | --upstream URL) [OPTION…]',
      ],
    },
    {
      args: ['demo', '--frobnicate'],
      stderr: ['dynamo-agent: demo has no option --frobnicate', '  Usage: dynamo-agent demo [OPTION…]'],
    },
    {
      args: ['serve', '--port'],
      stderr: [
        'dynamo-agent: --port needs a value',
        '  Usage: dynamo-agent serve (--script FILE | --upstream URL) [OPTION…]',
      ],
    },
    {
      args: ['trace', 'convert', 'x.jsonl', '--since', '-10m'],
      stderr: [
        'dynamo-agent: --since needs a value',
        '  One that begins with a dash is given with an equals sign: --since=-10m',
        '  Usage: dynamo-agent trace convert INPUT… [OPTION…]',
      ],
    },
    {
      args: ['trace', 'convert', 'x.jsonl', '-o', '-1'],
      stderr: [
        'dynamo-agent: --output needs a value',
        '  One that begins with a dash is given with an equals sign: --output=-1',
        '  Usage: dynamo-agent trace convert INPUT… [OPTION…]',
      ],
    },
    ...['--json', '-h', '--session=S'].map((option) => ({
      args: ['trace', 'convert', 'x.jsonl', '--since', option],
      stderr: ['dynamo-agent: --since needs a value', '  Usage: dynamo-agent trace convert INPUT… [OPTION…]'],
    })),
    {
      args: ['trace', 'convert', 'x.jsonl', '--json=yes'],
      stderr: ['dynamo-agent: --json takes no value', '  Usage: dynamo-agent trace convert INPUT… [OPTION…]'],
    },
    {
      args: ['record', '--script', 'x.json', 'true'],
      stderr: [
        'dynamo-agent: record does not know what to do with "true"',
        '  The command to run comes after --, with its own options.',
        '  Usage: dynamo-agent record [OPTION…] -- COMMAND…',
      ],
    },
  ])('$args', async ({ args, stderr }) => {
    expect(await run(args)).toMatchObject({ code: 2, stdout: '', stderr: `${stderr.join('\n')}\n` })
  })
})

test('the stack of an error comes with DEBUG=dynamo-agent alone', async () => {
  const quiet = await run(['nonsense'])
  const loud = await run(['nonsense'], { environment: { DEBUG: 'other,dynamo-agent' } })
  expect(quiet.stderr).not.toContain('    at ')
  expect(loud.stderr).toContain('    at ')
})

test('what is thrown where nobody waits for it is reported too', async () => {
  const folder = temporaryFolder()
  const thrower = `data:text/javascript,${encodeURIComponent("setTimeout(() => { throw new Error('late') }, 2000)")}`
  const args = ['serve', '--script', writeScript(folder), '--port', '0', '--tool-events', 'off']
  const { code, stderr } = await run(args, { cwd: folder, environment: { NODE_OPTIONS: `--import ${thrower}` } })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^dynamo-agent: unexpected error: late\n/)
  expect(stderr).not.toContain('    at ')
})

test('what stands after -- on the way through a package manager is the command line', async () => {
  expect((await run(['--', '--version'])).code).toBe(0)
})
