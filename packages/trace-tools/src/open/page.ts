// SPDX-License-Identifier: Apache-2.0
import { pageScript } from './page-script.ts'
import { pageStyle } from './page-style.ts'
import type { PerfettoUi } from './perfetto-ui.ts'

/** What the page shows, and where its parts are. */
export interface PageSettings {
  readonly title: string
  readonly fileName: string
  readonly bytes: number
  /** Gives the file. */
  readonly filePath: string
  /** Takes a POST once the file was handed over. */
  readonly shownPath: string
  readonly ui: PerfettoUi
  /** How long the UI may be silent before the page says what can be done. */
  readonly patienceMs: number
}

/** A page as it is sent. */
export interface Page {
  readonly html: string
  /** The Content-Security-Policy header: what this page holds, this server, the UI, and nothing else. */
  readonly policy: string
}

/**
 * The page that shows one timeline.
 *
 * @param nonce Not to be guessed, and another one for each answer.
 */
export function renderPage(settings: PageSettings, nonce: string): Page {
  const { ui, patienceMs } = settings
  const [title, fileName, uiAddress] = [settings.title, settings.fileName, ui.address].map(escapeHtml)
  const filePath = escapeHtml(settings.filePath)
  const download = `href="${filePath}" download="${fileName}"`
  const uiLink = `<a href="${uiAddress}" rel="noreferrer">${uiAddress}</a>`
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style nonce="${nonce}">${pageStyle}</style>
</head>
<body>
<header>
<h1><bdi>${title}</bdi></h1>
<p id="status" role="status">Reading the timeline</p>
<progress id="progress" value="0" aria-label="How much of the timeline was read"></progress>
<nav aria-label="Other ways to see the timeline">
<button type="button" class="open-tab">Open in a new tab</button>
<a class="button download" ${download}>Save the file</a>
</nav>
</header>
<main>
<section id="lost" class="notice" role="alert" hidden>
<h2>The timeline could not be read</h2>
<p id="lost-reason"></p>
<p>The command that gave this address may have ended. Run it again, and open the address that it gives then.</p>
</section>
<section id="silent" class="notice" role="alert" hidden>
<h2>Perfetto does not answer</h2>
<p>This page asks the viewer at ${uiLink} to show the timeline, and has heard nothing
for ${Math.round(patienceMs / 1000)} seconds. It goes on asking.</p>
<ul>
<li>The browser, or an extension of it, may block pages within pages:
<button type="button" class="open-tab">Open in a new tab</button></li>
<li>This machine may have no way to it: <a class="download" ${download}>save the file</a> and open it there from a
machine that has one, or in a copy of Perfetto that you can reach.</li>
</ul>
<p>Nothing was uploaded.</p>
</section>
<noscript><p class="notice">This page needs JavaScript. Without it, <a ${download}>save the file</a> and open it
at ${uiLink}.</p></noscript>
<iframe id="ui" title="Perfetto" referrerpolicy="no-referrer" allow="clipboard-read; clipboard-write"></iframe>
</main>
<script type="application/json" id="settings" nonce="${nonce}">${embedJson(forScript(settings))}</script>
<script nonce="${nonce}">${pageScript}</script>
</body>
</html>
`
  return { html, policy: contentSecurityPolicy(ui.origin, nonce) }
}

function forScript({ ui, ...settings }: PageSettings): object {
  const { origin, embeddedAddress, tabAddress } = ui
  return { ...settings, uiOrigin: origin, embeddedAddress, tabAddress }
}

function contentSecurityPolicy(uiOrigin: string, nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    `frame-src ${uiOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** A script element ends at the first `</script`, wherever it stands, and JSON can do without `<`. */
function embedJson(value: object): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}
