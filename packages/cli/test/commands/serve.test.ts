// SPDX-License-Identifier: Apache-2.0
import { parseTraceLine } from '@dynamo-agent/core'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runAgent } from '../support/agent-of-shell.ts'
import { run, start, temporaryFolder, type Running } from '../support/run.ts'
import { writeScript } from '../support/scripts.ts'
import { evaluate } from '../support/shell.ts'

/** Free ports: tests run beside each other, and beside whatever else runs here. */
const freePorts = ['--port', '0', '--tool-events', 'tcp://127.0.0.1:0']

async function serve(args: readonly string[]): Promise<{ server: Running; folder: string; baseUrl: string }> {
  const folder = temporaryFolder()
  const script = writeScript(folder)
  const server = start(['serve', '--script', script, ...freePorts, ...args], { cwd: folder })
  onTestFinished(() => void server.child.kill('SIGKILL'))
  await server.shows('Ctrl-C ends it.')
  return { server, folder, baseUrl: /http:\S+/.exec(server.printed.stdout)?.[0] ?? '' }
}

function ask(baseUrl: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-dynamo-session-id': 'run-1', ...headers },
    body: JSON.stringify({ model: 'scripted', messages: [{ role: 'user', content: 'hello' }] }),
  })
}

describe('a frontend that runs', () => {
  test('says where it is and what to type, answers, and on Ctrl-C what it recorded', async () => {
    const { server, folder, baseUrl } = await serve([])
    const endpoint = /tcp:\S+/.exec(server.printed.stdout)?.[0] ?? ''
    expect(
      server.printed.stdout.replaceAll(baseUrl, 'BASE_URL').replaceAll(endpoint, 'ENDPOINT').replace(/ {2,}/g, '  '),
    ).toBe(
      [
        'Frontend  BASE_URL  scripted model',
        'Tools  ENDPOINT  where harnesses send their tool events',
        'Trace  dynamo-trace/trace.jsonl  what Dynamo writes',
        '',
        'In the shell of your agent:',
        '  export DYNAMO_BASE_URL=BASE_URL',
        '  export DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT=ENDPOINT',
        '',
        'Ctrl-C ends it.',
        '',
      ].join('\n'),
    )
    expect((await ask(baseUrl)).status).toBe(200)
    const before = server.printed.stdout
    server.child.kill('SIGINT')
    const { code, stdout, stderr } = await server.finished
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.slice(before.length)).toMatch(
      /^\S+ \S+: 1 request and 0 tool events recorded, 1 row in dynamo-trace\/trace\.jsonl\n$/,
    )
    expect(readFileSync(join(folder, 'dynamo-trace/trace.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(1)
  })

  test.each(['SIGTERM', 'SIGHUP'] as const)('ends on %s too', async (signal) => {
    const { server } = await serve(['--tool-events', 'off'])
    expect(server.printed.stdout).toMatch(/^Tools +off$/m)
    server.child.kill(signal)
    expect((await server.finished).code).toBe(0)
  })

  test.each(['1.2', '1.3+'] as const)(
    'records, as Dynamo %s, an agent in whose shell what it prints was typed',
    async (generation) => {
      const { server, folder } = await serve(['--generation', generation])
      const lines = server.printed.stdout.match(/^ {2}export .*$/gm) ?? []
      await runAgent(evaluate({}, lines.join('\n')))
      server.child.kill('SIGINT')
      await server.finished
      const rows = readFileSync(join(folder, 'dynamo-trace/trace.jsonl'), 'utf8').trimEnd().split('\n')
      const types = rows.map((row) => {
        const parsed = parseTraceLine(row)
        return parsed.kind === 'record' ? parsed.record.type : parsed.kind
      })
      expect(types.sort()).toEqual(['request_end', 'request_end', 'tool_end', 'tool_start'])
    },
  )

  test('says at its end when it recorded nothing, and what failed', async () => {
    const { server, baseUrl } = await serve([])
    const before = server.printed.stdout
    expect((await fetch(`${baseUrl}/nothing-here`)).status).toBe(404)
    server.child.kill('SIGINT')
    const { stdout } = await server.finished
    expect(stdout.slice(before.length)).toMatch(
      /^\S+ \S+: nothing was recorded\n1 request failed: 1 with status 404\n$/,
    )
  })

  test('asks for the key that it was given', async () => {
    const { server, baseUrl } = await serve(['--api-key', 'open sesame'])
    expect(server.printed.stdout).toContain('export DYNAMO_API_KEY=')
    expect(server.printed.stdout).not.toContain('open sesame')
    expect((await ask(baseUrl)).status).toBe(401)
    expect((await ask(baseUrl, { authorization: 'Bearer open sesame' })).status).toBe(200)
  })

  test('writes rolled, compressed files when asked to', async () => {
    const { server, folder, baseUrl } = await serve(['--trace', 'kept/run.jsonl.gz', '--trace-format', 'jsonl_gz'])
    await ask(baseUrl)
    server.child.kill('SIGINT')
    await server.finished
    const { code, stdout } = await run(['trace', 'convert', 'kept', '-o', 'out.pftrace'], { cwd: folder })
    expect({ code, rows: stdout.slice(0, 5) }).toEqual({ code: 0, rows: '1 row' })
    expect(existsSync(join(folder, 'kept/run.000000.jsonl.gz'))).toBe(true)
  })

  test('behaves like Dynamo 1.2 when asked to', async () => {
    const { baseUrl } = await serve(['--generation', '1.2'])
    expect(await (await fetch(new URL('/openapi.json', baseUrl))).text()).toContain('1.2.1')
  })

  test('answers to the further names that it was given, and to no other', async () => {
    const { baseUrl } = await serve(['--allow-host', 'box.lan', '--allow-host', 'box'])
    const statusFor = async (host: string) => {
      const [response] = (await once(get(`${baseUrl}/models`, { headers: { host } }), 'response')) as [IncomingMessage]
      response.resume()
      return response.statusCode
    }
    expect(await Promise.all(['box.lan', 'box:8000', 'evil.example'].map(statusFor))).toEqual([200, 200, 403])
  })

  test('warns when everybody can reach it', async () => {
    const { server } = await serve(['--host', '0.0.0.0'])
    await server.shows('Give --api-key KEY')
    expect(server.printed.stderr).toMatch(/^Warning: everybody who reaches 0\.0\.0\.0 can use this frontend\./)
    const guarded = await serve(['--host', '0.0.0.0', '--api-key', 'key'])
    expect(guarded.server.printed.stderr).toBe('')
  })
})

describe('what it refuses', () => {
  test.each([
    {
      name: 'no source of answers',
      args: [],
      code: 2,
      says: ['nothing says where answers come from', 'Give --script FILE'],
    },
    { name: 'a source that says nothing', args: ['--upstream', ''], code: 2, says: ['"" is not an http address'] },
    { name: 'a malformed script', args: ['--script', 'bent.json'], code: 1, says: ['bent.json:2: turns: '] },
    {
      name: 'a malformed endpoint',
      args: ['--script', 'script.json', '--tool-events', 'nonsense'],
      code: 2,
      says: ['nonsense'],
    },
    {
      name: 'an empty key',
      args: ['--script', 'script.json', '--api-key', ''],
      code: 2,
      says: ['--api-key needs a value'],
    },
    {
      name: 'a trace below a file',
      args: ['--script', 'script.json', '--trace', 'bent.json/trace.jsonl'],
      code: 2,
      says: ['bent.json/trace.jsonl'],
    },
    {
      name: 'a trace format that is none',
      args: ['--script', 'script.json', '--trace-format', 'csv'],
      code: 2,
      says: ['--trace-format cannot be "csv"'],
    },
    {
      name: 'a host that is none',
      args: ['--script', 'script.json', '--host', '203.0.113.7'],
      code: 2,
      says: ['cannot listen on 203.0.113.7:0'],
    },
  ])('$name', async ({ args, code, says }) => {
    const folder = temporaryFolder()
    writeScript(folder)
    writeFileSync(join(folder, 'bent.json'), '{\n  "turns": []\n}\n')
    const result = await run(['serve', ...freePorts, ...args], { cwd: folder })
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toMatch(/^dynamo-agent: /)
    for (const text of says) expect(result.stderr).toContain(text)
    expect(result.stderr).not.toMatch(/unexpected error|\n {4}at /)
  })

  test('a port in use', async () => {
    const folder = temporaryFolder()
    const script = writeScript(folder)
    const holder = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void holder.close())
    await new Promise((resolve) => holder.once('listening', resolve))
    const { port } = holder.address() as AddressInfo
    const result = await run(['serve', '--script', script, ...freePorts, '--port', String(port)], { cwd: folder })
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toContain(`dynamo-agent: 127.0.0.1:${port} is in use\n`)
  })

  test('an endpoint for tool events in use, and it names the option', async () => {
    const { server, folder } = await serve([])
    const endpoint = /tcp:\S+/.exec(server.printed.stdout)?.[0] ?? ''
    const args = ['serve', '--script', 'script.json', ...freePorts, '--tool-events', endpoint]
    const { code, stderr } = await run(args, { cwd: folder })
    expect(code).toBe(1)
    expect(stderr).toContain(`dynamo-agent: ${endpoint} is in use`)
    expect(stderr).toContain('Give --tool-events tcp://127.0.0.1:0 for any free port, or --tool-events off.')
  })

  test.runIf(existsSync('/proc/self'))('a trace where the system makes no folder', async () => {
    const folder = temporaryFolder()
    const script = writeScript(folder)
    const { code, stderr } = await run(['serve', '--script', script, ...freePorts, '--trace', '/proc/zz/t.jsonl'])
    expect(code).toBe(2)
    expect(stderr).toContain('/proc/zz')
  })
})
