// SPDX-License-Identifier: Apache-2.0

/**
 * What the page does, in the browser: it reads the timeline from its own
 * server, asks the Perfetto UI until it answers, and hands the timeline over.
 *
 * The file is kept as a Blob, which browsers move to disk when it is large,
 * and each hand-over gives a copy of it away; so it can be shown and saved
 * again after the server has ended.
 *
 * Source of the messages: https://perfetto.dev/docs/visualization/embedding-api-reference
 */
export const pageScript = `'use strict'
const byId = (id) => document.getElementById(id)
const settings = JSON.parse(byId('settings').textContent)
const frame = byId('ui')
const status = byId('status')

const file = readFile()
const silence = setTimeout(() => {
  byId('silent').hidden = false
  status.textContent = 'Perfetto does not answer.'
}, settings.patienceMs)

frame.addEventListener('load', () => show(frame.contentWindow), { once: true })
frame.src = settings.embeddedAddress

for (const button of document.querySelectorAll('.open-tab')) {
  button.addEventListener('click', async () => {
    const tab = window.open(settings.tabAddress, '_blank')
    if (tab === null) {
      status.textContent = 'The browser kept the tab from opening: allow pop-ups for this page and try again.'
      return
    }
    await show(tab)
    // One viewer is enough: a second one would hold the whole timeline in memory too.
    frame.remove()
  })
}

async function readFile() {
  const response = await fetch(settings.filePath)
  if (!response.ok) throw new Error(await response.text())
  let receivedBytes = 0
  const counter = new TransformStream({
    transform(chunk, controller) {
      receivedBytes += chunk.length
      byId('progress').value = receivedBytes / settings.bytes
      controller.enqueue(chunk)
    },
  })
  const blob = await new Response(response.body.pipeThrough(counter)).blob()
  for (const link of document.querySelectorAll('.download')) link.href = URL.createObjectURL(blob)
  byId('progress').hidden = true
  if (byId('silent').hidden) status.textContent = 'Waiting for Perfetto at ' + settings.uiOrigin
  return blob
}
file.catch(lose)

function lose(error) {
  byId('lost-reason').textContent = error.message
  byId('lost').hidden = false
  byId('progress').hidden = true
  status.textContent = 'Not shown.'
}

/** Messages are lost until the UI listens, so it is asked again and again, also after the page has complained. */
function answer(target) {
  return new Promise((resolve) => {
    const asking = setInterval(() => {
      if (target.closed) clearInterval(asking)
      else target.postMessage('PING', settings.uiOrigin)
    }, 200)
    addEventListener('message', function listen({ source, origin, data }) {
      if (source !== target || origin !== settings.uiOrigin || data !== 'PONG') return
      clearInterval(asking)
      removeEventListener('message', listen)
      resolve()
    })
  })
}

async function show(target) {
  try {
    await answer(target)
    clearTimeout(silence)
    byId('silent').hidden = true
    const buffer = await (await file).arrayBuffer()
    const { title, fileName, uiOrigin } = settings
    const timeline = { buffer, title, fileName, downloadable: true, shareable: false }
    target.postMessage({ perfetto: timeline }, uiOrigin, [buffer])
    target.focus()
  } catch (error) {
    lose(error)
    return
  }
  status.textContent = 'Shown by Perfetto, in this browser. Nothing was uploaded.'
  // The server may have ended long ago, and nobody needs to know.
  await fetch(settings.shownPath, { method: 'POST' }).catch(() => undefined)
}
`
