// SPDX-License-Identifier: Apache-2.0
import { Script } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { renderPage, type PageSettings } from '../../src/open/page.ts'
import { describeUi } from '../../src/open/perfetto-ui.ts'

const settings: PageSettings = {
  title: 'run.pftrace',
  fileName: 'run.pftrace',
  bytes: 7,
  filePath: '/token/timeline',
  shownPath: '/token/shown',
  ui: describeUi('https://ui.example/perfetto/'),
  patienceMs: 20_000,
}

/** What the page's own script reads. */
function embeddedSettings(html: string): unknown {
  return JSON.parse(/<script type="application\/json"[^>]*>([^<]*)<\/script>/.exec(html)?.[1] ?? '')
}

describe('the page that shows a timeline', () => {
  it('tells its script where everything is', () => {
    const { ui, ...others } = settings
    expect(embeddedSettings(renderPage(settings, 'n').html)).toEqual({
      ...others,
      uiOrigin: 'https://ui.example',
      embeddedAddress: ui.embeddedAddress,
      tabAddress: ui.tabAddress,
    })
  })

  it('lets in what it holds itself, its server and the UI, and nothing else', () => {
    const { html, policy } = renderPage(settings, 'abc123')
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'nonce-abc123'",
      "style-src 'nonce-abc123'",
      "connect-src 'self'",
      'frame-src https://ui.example',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ])
    for (const [element] of html.matchAll(/<(?:script|style)\b[^>]*>/g)) expect(element).toContain('nonce="abc123"')
    expect(html).not.toMatch(/ on\w+=| style=|javascript:/)
    expect(html).not.toMatch(/<(?:link|img|script)\b[^>]* (?:src|href)=/)
  })

  it('has scripts that parse', () => {
    const scripts = [...renderPage(settings, 'n').html.matchAll(/<script nonce="n">([^]*?)<\/script>/g)]
    expect(scripts).toHaveLength(1)
    for (const [, source = ''] of scripts) expect(() => new Script(source)).not.toThrow()
  })

  it('can be read without looking at it', () => {
    const { html } = renderPage(settings, 'n')
    expect(html).toContain('<html lang="en">')
    expect(html).toContain('<title>run.pftrace</title>')
    expect(html).toMatch(/<iframe [^>]*title="/)
    expect(html).toMatch(/<progress [^>]*aria-label="/)
    expect(html).toMatch(/role="status"/)
    expect(html.match(/role="alert"/g)).toHaveLength(2)
  })

  it.each([
    '</script><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)",
    '<!--<script>',
    '&lt;&amp;',
    '\u202egnp.ecart\u0000\u001b[2J',
    '${7*7}$&$`',
  ])('shows a file named %j as that', (name) => {
    const { html } = renderPage({ ...settings, title: name, fileName: name }, 'n')
    const plain = renderPage(settings, 'n').html
    const tags = (text: string) => [...text.matchAll(/<[/!]?[a-z-]+/gi)].map(([tag]) => tag)
    expect(tags(html)).toEqual(tags(plain))
    expect(embeddedSettings(html)).toMatchObject({ title: name, fileName: name })
    const shown = /<title>([^<]*)<\/title>/.exec(html)?.[1] ?? ''
    expect(shown.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))).toBe(name)
  })
})
