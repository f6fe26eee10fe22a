// SPDX-License-Identifier: Apache-2.0
import { stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, resolve } from 'node:path'
import { DynamoAgentError, type Environment } from '@dynamo-agent/core'
import { renderPage } from './page.ts'
import { describeUi, PERFETTO_UI } from './perfetto-ui.ts'
import { openInBrowser, type BrowserOutcome } from './system-browser.ts'
import { serveTimeline, type TimelineEnd } from './timeline-server.ts'

/** What openTimeline shows, where and for how long. */
export interface OpenTimelineOptions {
  /** The timeline: any file that Perfetto reads. */
  readonly path: string
  /** What the page and Perfetto call it. @defaultValue the file's name */
  readonly title?: string
  /** Id of the session to unfold. @defaultValue all of them stay folded */
  readonly session?: string
  /** Where the Perfetto UI is served; a site may have a copy of its own. @defaultValue `https://ui.perfetto.dev` */
  readonly uiUrl?: string
  /** How long the UI may be silent before the page says what can be done, in milliseconds. @defaultValue 20000 */
  readonly patienceMs?: number
  /** How long the file is served once it was handed over, in milliseconds. @defaultValue 5000 */
  readonly lingerMs?: number
  /** How long it is served while nobody asks for it, in milliseconds. @defaultValue 1800000 */
  readonly idleLimitMs?: number
  /** Stops serving, at once. @defaultValue none */
  readonly signal?: AbortSignal
  /** Says whether there is a browser to open. @defaultValue `process.env` */
  readonly environment?: Environment
  /** Says how one is opened. @defaultValue `process.platform` */
  readonly platform?: NodeJS.Platform
}

/** A timeline that is served. */
export interface OpenedTimeline extends AsyncDisposable {
  /** Of the page that shows it: for this machine alone, and not to be guessed. */
  readonly url: string
  /** Whether the page was opened in a browser, or why not: then somebody has to be told `url`. */
  readonly browser: BrowserOutcome
  /** What to type on the machine that has a browser, so that `url` works there. */
  readonly tunnelCommand: string
  /** Resolves once it is no longer served. */
  readonly closed: Promise<TimelineEnd>
  /** Stops serving. */
  close(): Promise<void>
}

/**
 * Shows a timeline in the Perfetto UI. A page on this machine's loopback
 * address hands the file from the browser to the UI inside that browser:
 * nothing is uploaded.
 *
 * Serving ends by itself some time after the file was handed over; wait for
 * `closed` before the process exits.
 *
 * @throws DynamoAgentError `DYN_INPUT_NOT_FOUND` where there is no such file,
 * `DYN_INPUT_EMPTY` where nothing is in it, `DYN_INVALID_OPTION` for a `uiUrl` that is no address.
 */
export async function openTimeline(options: OpenTimelineOptions): Promise<OpenedTimeline> {
  const { patienceMs = 20_000, lingerMs = 5000, idleLimitMs = 30 * 60_000, signal } = options
  const { environment = process.env, platform = process.platform } = options
  signal?.throwIfAborted()
  const path = resolve(options.path)
  const fileName = basename(path)
  const bytes = await measureFile(options.path)
  const ui = describeUi(options.uiUrl ?? PERFETTO_UI, options.session)

  const settings = { title: options.title ?? fileName, fileName, bytes, ui, patienceMs }
  const server = await serveTimeline({
    path,
    fileName,
    renderPage: (paths, nonce) => renderPage({ ...settings, ...paths }, nonce),
    lingerMs,
    idleLimitMs,
  })
  signal?.addEventListener('abort', server.close)
  void server.ended.then(() => signal?.removeEventListener('abort', server.close))

  async function close(): Promise<void> {
    server.close()
    await server.ended
  }
  return {
    url: server.address,
    browser: await openInBrowser(server.address, { environment, platform }),
    tunnelCommand: `ssh -N -L ${server.port}:127.0.0.1:${server.port} ${environment.USER ?? 'USER'}@${hostname()}`,
    closed: server.ended,
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function measureFile(path: string): Promise<number> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw notFound(path, cause)
  })
  if (!stats.isFile()) throw notFound(path)
  if (stats.size > 0) return stats.size
  throw new DynamoAgentError({
    code: 'DYN_INPUT_EMPTY',
    message: `${path} is empty`,
    advice: 'Give a timeline as dynamo-agent trace convert writes it.',
  })
}

function notFound(path: string, cause?: unknown): DynamoAgentError {
  const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
  return new DynamoAgentError({
    code: 'DYN_INPUT_NOT_FOUND',
    message: isMissing ? `no such file: ${path}` : `cannot read ${path}`,
    advice: 'Give the path of a timeline, as dynamo-agent trace convert writes it.',
    ...(cause !== undefined && { cause }),
  })
}
