// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import type { Environment } from '@dynamo-agent/core'

/** What became of asking the system for its browser. */
export type BrowserOutcome =
  /** It was asked, and did not refuse. */
  | 'opened'
  /** Not asked: this is the far end of an SSH connection, and whoever reads sits at the other one. */
  | 'remote'
  /** Not asked: there is neither X11 nor Wayland to show a browser on. */
  | 'no-display'
  /** The system's command for it is missing, or has failed. */
  | 'no-opener'

/** Where a browser would open. */
export interface BrowserSystem {
  readonly environment: Environment
  readonly platform: NodeJS.Platform
}

/**
 * An opener that cannot do it says so at once. One that can either ends at once
 * too, or lives as long as the browser that it has started.
 */
const REFUSAL_WITHIN_MS = 1000

/**
 * Opens an address in the browser that the system prefers. Never throws, and
 * what it starts does not keep this process alive.
 *
 * @param address An http address without blanks; no shell sees it but Windows' own, for which `&` and `%` are special.
 */
export async function openInBrowser(address: string, system: BrowserSystem): Promise<BrowserOutcome> {
  const opener = findOpener(system)
  if (typeof opener === 'string') return opener
  const [command, ...args] = opener
  return (await starts(command, [...args, address], system.environment)) ? 'opened' : 'no-opener'
}

/**
 * On a machine without a screen of its own, BROWSER may name a helper that
 * knows the way to the screen: remote shells of editors set it.
 */
function findOpener({ environment, platform }: BrowserSystem): [string, ...string[]] | BrowserOutcome {
  const helper = environment.BROWSER
  if (environment.SSH_CONNECTION) return helper ? [helper] : 'remote'
  if (platform === 'darwin') return ['open']
  if (platform === 'win32') return ['cmd', '/c', 'start']
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return helper ? [helper] : 'no-display'
  return ['xdg-open']
}

function starts(command: string, args: readonly string[], environment: Environment): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { detached: true, stdio: 'ignore', windowsHide: true, env: environment })
    const timer = setTimeout(resolve, REFUSAL_WITHIN_MS, true)
    child.unref()
    child.once('error', () => {
      clearTimeout(timer)
      resolve(false)
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      resolve(code === 0)
    })
  })
}
