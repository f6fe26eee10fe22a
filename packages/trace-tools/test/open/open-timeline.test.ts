// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openTimeline, type OpenTimelineOptions } from '../../src/open/open-timeline.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251))

function timelineFile(name = 'run.pftrace', bytes: Uint8Array = content): string {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, bytes)
  return path
}

/** Served until the test ends, on a machine without a browser. */
async function open(options: Partial<OpenTimelineOptions> = {}) {
  const opened = await openTimeline({ path: timelineFile(), environment: {}, platform: 'linux', ...options })
  onTestFinished(() => opened.close())
  return opened
}

/** Asks as no browser would: with any Host header, any method, any path. */
async function ask(url: string, { method = 'GET', host }: { method?: string; host?: string } = {}) {
  const { hostname, port, pathname } = new URL(url)
  const headers = host === undefined ? {} : { host }
  const asking = request({ host: hostname, port, path: pathname, method, headers, agent: false }).end()
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

const isServed = async (url: string) =>
  ask(url).then(
    () => true,
    () => false,
  )

describe('the server of a timeline', () => {
  it('gives one page and one file, byte for byte', async () => {
    const { url } = await open()
    const page = await fetch(url)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await page.text()).toContain('<title>run.pftrace</title>')
    const file = await fetch(`${url}timeline`)
    expect(file.headers.get('content-length')).toBe(String(content.length))
    expect(content.equals(await file.bytes())).toBe(true)
  })

  it('gives nothing else', async () => {
    const { url } = await open()
    const { origin } = new URL(url)
    const others = ['/', '/timeline', '/favicon.ico', '/0123456789abcdef01234567/', '/%2e%2e/etc/passwd']
    const below = ['other', 'timeline/', 'timeline%00', '../']
    for (const address of [...others.map((path) => origin + path), ...below.map((path) => url + path)]) {
      expect((await ask(address)).status, address).toBe(404)
    }
    expect((await ask(`${url}timeline`, { method: 'PUT' })).status).toBe(404)
    expect((await ask(url, { method: 'POST' })).status).toBe(404)
  })

  it('has an address that cannot be guessed', async () => {
    const tokens = await Promise.all(Array.from({ length: 3 }, async () => new URL((await open()).url).pathname))
    expect(new Set(tokens).size).toBe(3)
    for (const token of tokens) expect(token).toMatch(/^\/[\w-]{24}\/$/)
  })

  it('can be reached from this machine alone', async () => {
    const { url } = await open()
    const { port } = new URL(url)
    const outside = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
    for (const { address } of outside.filter(({ internal, family }) => !internal && family === 'IPv4')) {
      const refused = await new Promise<boolean>((resolve) => {
        const socket = connect(Number(port), address, () => {
          socket.destroy()
          resolve(false)
        }).once('error', () => {
          resolve(true)
        })
      })
      expect(refused, address).toBe(true)
    }
  })

  it.each([
    ['127.0.0.1', 200],
    ['localhost:9', 200],
    ['LOCALHOST', 200],
    ['[::1]:8080', 200],
    ['evil.example', 403],
    ['evil.example:80', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost.evil.example', 403],
    ['evil.example/127.0.0.1', 403],
    ['127.0.0.1@evil.example', 403],
  ])('answers a request to host %s with %d', async (host, status) => {
    const { url } = await open()
    for (const address of [url, `${url}timeline`]) expect((await ask(address, { host })).status).toBe(status)
  })

  it('tells browsers to keep it to themselves', async () => {
    const { url } = await open()
    const [first, second] = await Promise.all([ask(url), ask(url)])
    expect(first.headers).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    expect(first.headers).not.toHaveProperty('access-control-allow-origin')
    expect(first.headers).not.toHaveProperty('cross-origin-opener-policy')
    const [nonce, nextNonce] = [first, second].map(
      ({ headers }) => /'nonce-([\w-]{24})'/.exec(String(headers['content-security-policy']))?.[1],
    )
    expect(nonce).toMatch(/./)
    expect(nextNonce).not.toBe(nonce)
  })

  it.each(['a b.pftrace', 'ü "q" \'s\' (1)*.pftrace', 'line\nbreak.pftrace', '<b>;filename=x.pftrace'])(
    'saves a file named %j under its name',
    async (name) => {
      const { url } = await open({ path: timelineFile(name) })
      const { headers } = await ask(`${url}timeline`)
      const encoded = headers['content-disposition']?.replace(/^attachment; filename\*=UTF-8''/, '') ?? ''
      expect(encoded).toMatch(/^[\w.%~-]+$/)
      expect(decodeURIComponent(encoded)).toBe(name)
    },
  )

  it('says so when the file is gone', async () => {
    const path = timelineFile()
    const { url } = await open({ path })
    rmSync(path)
    const { status, body } = await ask(`${url}timeline`)
    expect(status).toBe(404)
    expect(body).toMatch(/^The file cannot be read: ENOENT/)
  })
})

describe('serving ends', () => {
  it('some time after the file was handed over', async () => {
    const { url, closed } = await open({ lingerMs: 300 })
    await ask(`${url}timeline`)
    expect((await ask(`${url}shown`, { method: 'POST' })).status).toBe(204)
    expect(await isServed(url)).toBe(true)
    expect(await closed).toBe('shown')
    expect(await isServed(url)).toBe(false)
  })

  it('when nobody has asked for it for a long time', async () => {
    const { url, closed } = await open({ idleLimitMs: 100 })
    expect(await closed).toBe('idle')
    expect(await isServed(url)).toBe(false)
  })

  it('not while the file is on its way to a slow reader', async () => {
    const path = timelineFile('large.pftrace', Buffer.alloc(20_000_000))
    const { url, closed } = await open({ path, idleLimitMs: 100 })
    const { hostname, port, pathname } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.write(`GET ${pathname}timeline HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`)
    await once(socket, 'readable')
    const waited = new Promise((resolve) => setTimeout(resolve, 400, 'still served'))
    expect(await Promise.race([closed, waited])).toBe('still served')
    socket.destroy()
    expect(await closed).toBe('idle')
  })

  it('at once when it is closed or stopped, whatever is under way', async () => {
    const stop = new AbortController()
    const path = timelineFile('large.pftrace', Buffer.alloc(20_000_000))
    const [closing, stopping] = [await open({ path }), await open({ path, signal: stop.signal })]
    for (const { url } of [closing, stopping]) {
      const { hostname, port, pathname } = new URL(url)
      const [silent, reading] = [connect(Number(port), hostname), connect(Number(port), hostname)]
      for (const socket of [silent, reading]) socket.on('error', () => undefined)
      reading.write(`GET ${pathname}timeline HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`)
      await once(reading, 'readable')
    }
    await Promise.all([closing.close(), closing.close()])
    stop.abort()
    expect(await Promise.all([closing.closed, stopping.closed])).toEqual(['closed', 'closed'])
    expect(await Promise.all([closing, stopping].map(({ url }) => isServed(url)))).toEqual([false, false])
  })

  it('before it has begun when it was stopped before', async () => {
    await expect(open({ signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped')
  })
})

describe('openTimeline', () => {
  it('tells who has no browser what to type where there is one', async () => {
    const { url, browser, tunnelCommand } = await open({ environment: { SSH_CONNECTION: 'a 1 b 22', USER: 'ann' } })
    const { port } = new URL(url)
    expect(browser).toBe('remote')
    expect(tunnelCommand).toBe(`ssh -N -L ${port}:127.0.0.1:${port} ann@${hostname()}`)
  })

  it('uses a title of its own where it is given one', async () => {
    const { url } = await open({ title: 'the slow run' })
    expect((await ask(url)).body).toContain('<title>the slow run</title>')
  })

  it.each([
    { name: 'nowhere.pftrace', code: 'DYN_INPUT_NOT_FOUND', says: 'no such file' },
    { name: 'folder.pftrace', code: 'DYN_INPUT_NOT_FOUND', says: 'cannot read' },
    { name: 'empty.pftrace', code: 'DYN_INPUT_EMPTY', says: 'is empty' },
  ])('refuses $name', async ({ name, code, says }) => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'folder.pftrace'))
    writeFileSync(join(folder, 'empty.pftrace'), '')
    const error: unknown = await open({ path: join(folder, name) }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code })
    expect(String(error)).toContain(says)
  })

  it('refuses a UI without an address', async () => {
    await expect(open({ uiUrl: 'perfetto' })).rejects.toMatchObject({ code: 'DYN_INVALID_OPTION' })
  })
})
