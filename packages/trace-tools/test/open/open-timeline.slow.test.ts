// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { openTimeline, type OpenTimelineOptions } from '../../src/open/open-timeline.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { chromiumNames, findChromium, startChromium, type Chromium } from './support/chromium.ts'
import { startStandInUi, type Received, type StandInOptions } from './support/stand-in-ui.ts'

const command = findChromium() ?? ''
let chromium: Chromium
if (command === '') {
  const names = chromiumNames.join(', ')
  process.stderr.write(`SKIPPED: nothing is shown in a browser, because none of ${names} is on PATH\n`)
}

const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 31) % 253))
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

interface Scene extends Partial<OpenTimelineOptions> {
  readonly name?: string
  readonly ui?: StandInOptions
}

/** A timeline that is served, a UI to show it, and the page in a browser. */
async function play({ name = 'run.pftrace', ui: uiOptions, ...options }: Scene = {}) {
  const folder = temporaryFolder()
  const path = join(folder, name)
  writeFileSync(path, content)
  const ui = await startStandInUi(uiOptions)
  const opened = await openTimeline({ path, uiUrl: ui.url, environment: {}, platform: 'linux', ...options })
  onTestFinished(() => opened.close())
  const downloads = temporaryFolder()
  return { opened, ui, downloads, page: await chromium.open(opened.url, downloads) }
}

/** What the UI was handed, once it has taken it. */
async function handedTo({ received }: Awaited<ReturnType<typeof startStandInUi>>) {
  await vi.waitFor(() => {
    expect(received).toHaveLength(1)
  }, 5000)
  const [{ bytes, ...others }] = received as [Received]
  return { digest: digest(bytes), ...others }
}

const status = `document.getElementById('status').textContent`
const isVisible = (id: string) => `document.getElementById('${id}').checkVisibility()`

describe.skipIf(command === '')('in Chromium, the page', () => {
  let profile: string
  beforeAll(async () => {
    profile = mkdtempSync(join(tmpdir(), 'chromium-'))
    chromium = await startChromium(command, profile)
  })
  afterAll(async () => {
    await chromium[Symbol.asyncDispose]()
    rmSync(profile, { recursive: true, force: true })
  })

  it('hands the timeline to the UI in its frame, and serving ends', async () => {
    const { opened, ui, page } = await play({ session: 'run 1', lingerMs: 200 })
    await page.becomes(`${status}.startsWith('Shown by Perfetto')`)
    expect(await opened.closed).toBe('shown')
    const { fragment, ...received } = await handedTo(ui)
    expect(received).toEqual({
      digest: digest(content),
      origin: new URL(opened.url).origin,
      message: { title: 'run.pftrace', fileName: 'run.pftrace', downloadable: true, shareable: false },
      place: 'frame',
    })
    const query = new URLSearchParams(fragment.replace('#!/?', ''))
    expect(query.get('mode')).toBe('embedded')
    expect(JSON.parse(query.get('startupCommands') ?? '')).toMatchObject([
      { id: 'dev.perfetto.PinTracksByRegex' },
      { id: 'dev.perfetto.ExpandTracksByRegex', args: ['^(Dynamo trace)$'] },
      { id: 'dev.perfetto.ExpandTracksByRegex', args: ['^(session run 1)$'] },
      { id: 'dev.perfetto.ExpandTracksByRegex', args: ['^trajectory '] },
    ])
    expect(await page.evaluate(isVisible('silent'))).toBe(false)
    expect(await page.evaluate(isVisible('progress'))).toBe(false)
    expect(page.troubles).toEqual([])
  })

  it('asks a UI that is slow to listen until it answers, and says meanwhile what can be done', async () => {
    const { ui, page } = await play({ ui: { deafMs: 1500 }, patienceMs: 300 })
    await page.becomes(isVisible('silent'))
    expect(await page.evaluate(status)).toBe('Perfetto does not answer.')
    await page.becomes(`${status}.startsWith('Shown by Perfetto')`)
    expect(await page.evaluate(isVisible('silent'))).toBe(false)
    expect((await handedTo(ui)).digest).toBe(digest(content))
  })

  it.each(['header', '#silent'])('shows it in a tab where a frame is refused, by the button in %s', async (place) => {
    const { opened, ui, page } = await play({
      ui: { headers: { 'x-frame-options': 'DENY' } },
      patienceMs: 300,
      lingerMs: 200,
    })
    await page.becomes(isVisible('silent'))
    await page.evaluate(`document.querySelector('${place} .open-tab').click()`)
    await page.becomes(`${status}.startsWith('Shown by Perfetto')`)
    expect(await opened.closed).toBe('shown')
    expect(await handedTo(ui)).toMatchObject({ digest: digest(content), place: 'tab' })
    expect(await page.evaluate(isVisible('silent'))).toBe(false)
    await page.becomes(`document.querySelector('iframe') === null`)
  })

  it('gives the timeline to nobody but the UI', async () => {
    const { opened, ui, page } = await play({ ui: { silent: true }, patienceMs: 300 })
    await page.becomes(`${status}.startsWith('Perfetto does not')`)
    // A stranger that says PONG: the page itself, and a frame of an origin of its own.
    await page.evaluate(`postMessage('PONG', '*')`)
    await page.evaluate(`{
      const stranger = document.createElement('iframe')
      stranger.sandbox = 'allow-scripts'
      stranger.srcdoc = '<script>parent.postMessage("PONG", "*")</script>'
      document.body.append(stranger)
    }`)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(ui.received).toEqual([])
    expect(await page.evaluate(status)).toBe('Perfetto does not answer.')
    expect((await fetch(opened.url)).status).toBe(200)
  })

  it.each(['frame', 'tab'])('does not follow a UI in a %s to another origin', async (place) => {
    const elsewhere = await startStandInUi({ eager: true })
    const headers = { refresh: `0; url=${elsewhere.url}` }
    const { ui, page } = await play({ ui: { silent: true, headers }, patienceMs: 500 })
    if (place === 'tab') await page.evaluate(`document.querySelector('.open-tab').click()`)
    await page.becomes(isVisible('silent'))
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(await page.evaluate(status)).toBe('Perfetto does not answer.')
    expect([...ui.received, ...elsewhere.received]).toEqual([])
  })

  it('saves the file also after serving has ended', async () => {
    const { opened, ui, downloads, page } = await play({ lingerMs: 50 })
    expect(await opened.closed).toBe('shown')
    await page.evaluate(`document.querySelector('header .download').click()`)
    const saved = join(downloads, 'run.pftrace')
    await vi.waitFor(() => {
      expect(existsSync(saved) && digest(readFileSync(saved))).toBe(digest(content))
    }, 10_000)
    await page.evaluate(`document.querySelector('.open-tab').click()`)
    await vi.waitFor(() => {
      expect(ui.received.map(({ place, bytes }) => [place, digest(bytes)])).toEqual([
        ['frame', digest(content)],
        ['tab', digest(content)],
      ])
    }, 10_000)
  })

  it('says why a file cannot be read', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'run.pftrace')
    writeFileSync(path, content)
    const { url: uiUrl } = await startStandInUi({ silent: true })
    await using opened = await openTimeline({ path, uiUrl, environment: {}, platform: 'linux' })
    rmSync(path)
    const page = await chromium.open(opened.url, folder)
    await page.becomes(isVisible('lost'))
    const reason = await page.evaluate(`document.getElementById('lost-reason').textContent`)
    expect(reason).toMatch(/^The file cannot be read: ENOENT/)
    expect(await page.evaluate(status)).toBe('Not shown.')
    expect(page.troubles).toEqual([])
  })

  it.each([
    '"><img src=x onerror=alert(1)>.pftrace',
    '<script>alert(1)<\u200b!--.pftrace',
    "${alert(1)}'`.pftrace",
    '\u202egnp.\u001b[2J\u007f.pftrace',
  ])('shows a file named %j as that', async (name) => {
    const { ui, page } = await play({ name })
    await page.becomes(`${status}.startsWith('Shown by Perfetto')`)
    expect(await page.evaluate(`document.querySelector('h1').textContent`)).toBe(name)
    expect(await page.evaluate(`document.querySelector('.download').download`)).toBe(name)
    expect(await page.evaluate(`document.images.length + document.scripts.length`)).toBe(2)
    expect((await handedTo(ui)).message).toMatchObject({ title: name, fileName: name })
    expect(page.troubles).toEqual([])
  })
})
