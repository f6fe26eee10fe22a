// SPDX-License-Identifier: Apache-2.0
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openInBrowser } from '../../src/open/system-browser.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const address = 'http://127.0.0.1:41233/token/'

/** A folder with a command that notes its arguments, and what those were. */
function folderWithOpener(name: string, then = 'exit 0') {
  const folder = temporaryFolder()
  const note = join(folder, 'note')
  const opener = join(folder, name)
  writeFileSync(opener, `#!/bin/sh\nprintf '%s\\n' "$@" > '${note}.part'\n/bin/mv '${note}.part' '${note}'\n${then}\n`)
  chmodSync(opener, 0o755)
  const given = () => readFileSync(note, 'utf8').trimEnd().split('\n')
  return { folder, opener, given, wasRun: () => existsSync(note) }
}

describe('the browser of a machine with a screen', () => {
  it.each([
    { screen: { DISPLAY: ':0' }, platform: 'linux', command: ['xdg-open'] },
    { screen: { WAYLAND_DISPLAY: 'wayland-0' }, platform: 'linux', command: ['xdg-open'] },
    { screen: {}, platform: 'darwin', command: ['open'] },
    { screen: {}, platform: 'win32', command: ['cmd', '/c', 'start'] },
  ] as const)('is asked for by $command on $platform', async ({ screen, platform, command: [name, ...options] }) => {
    const { folder, given } = folderWithOpener(name)
    expect(await openInBrowser(address, { environment: { PATH: folder, ...screen }, platform })).toBe('opened')
    expect(given()).toEqual([...options, address])
  })

  it('may stay open for as long as it likes', async () => {
    const { folder, given } = folderWithOpener('xdg-open', 'exec /bin/sleep 5')
    const environment = { PATH: folder, DISPLAY: ':0' }
    expect(await openInBrowser(address, { environment, platform: 'linux' })).toBe('opened')
    expect(given()).toEqual([address])
  })

  it.each([
    ['its opener fails', 'xdg-open'],
    ['it has no opener', 'another'],
  ])('is not there where %s', async (_, name) => {
    const { folder } = folderWithOpener(name, 'exit 3')
    const environment = { PATH: folder, DISPLAY: ':0' }
    expect(await openInBrowser(address, { environment, platform: 'linux' })).toBe('no-opener')
  })
})

describe('a machine without a screen', () => {
  const overSsh = { SSH_CONNECTION: '10.0.0.7 51234 10.0.0.5 22', DISPLAY: 'localhost:10.0' }

  it.each([
    { platform: 'linux', screen: overSsh, outcome: 'remote' },
    { platform: 'darwin', screen: overSsh, outcome: 'remote' },
    { platform: 'linux', screen: {}, outcome: 'no-display' },
    { platform: 'linux', screen: { DISPLAY: '', WAYLAND_DISPLAY: '', SSH_CONNECTION: '' }, outcome: 'no-display' },
  ] as const)('is asked for nothing: $platform, $screen', async ({ platform, screen, outcome }) => {
    const { folder, wasRun } = folderWithOpener(platform === 'darwin' ? 'open' : 'xdg-open')
    expect(await openInBrowser(address, { environment: { PATH: folder, ...screen }, platform })).toBe(outcome)
    expect(wasRun()).toBe(false)
  })

  it.each([
    ['over SSH', overSsh],
    ['in a container', {}],
  ])('%s uses the helper that BROWSER names', async (_, screen) => {
    const { opener, given } = folderWithOpener('editor-helper')
    const environment = { BROWSER: opener, ...screen }
    expect(await openInBrowser(address, { environment, platform: 'linux' })).toBe('opened')
    expect(given()).toEqual([address])
  })

  it('is told when that helper is gone', async () => {
    const environment = { BROWSER: join(temporaryFolder(), 'gone') }
    expect(await openInBrowser(address, { environment, platform: 'linux' })).toBe('no-opener')
  })
})
