// SPDX-License-Identifier: Apache-2.0

/** Looks of the page that shows a timeline. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#ffffff, #17191c);
  --raised: light-dark(#f4f5f7, #22262b);
  --line: light-dark(#d5d9de, #3a4048);
  --text: light-dark(#1b1f24, #e6e9ed);
  --quiet: light-dark(#555d66, #a3abb5);
  --accent: light-dark(#1a5fb4, #8ab8ff);
  font: 14px/1.45 system-ui, sans-serif;
}
* { box-sizing: border-box }
[hidden], #lost:not([hidden]) ~ #silent { display: none }
body { margin: 0; height: 100dvh; display: flex; flex-direction: column; background: var(--ground); color: var(--text) }
header {
  display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; padding: 8px 16px;
  background: var(--raised); border-bottom: 1px solid var(--line);
}
h1 { margin: 0; max-width: 40ch; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 15px }
header p { flex: 1; min-width: 24ch; margin: 0; color: var(--quiet) }
progress { width: 12ch; accent-color: var(--accent) }
nav { display: flex; gap: 8px }
button, .button {
  padding: 4px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--ground); color: var(--text);
  font: inherit; text-decoration: none; cursor: pointer;
}
button:hover, .button:hover { border-color: var(--accent) }
a { color: var(--accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
main { position: relative; flex: 1; min-height: 0 }
iframe { display: block; width: 100%; height: 100%; border: 0; background: var(--ground) }
.notice {
  position: absolute; inset: 24px 16px auto; z-index: 1; max-width: 64ch; max-height: calc(100% - 48px); overflow: auto;
  margin: 0 auto; padding: 16px 24px; border: 1px solid var(--line); border-radius: 8px; background: var(--raised);
  box-shadow: 0 8px 32px rgb(0 0 0 / 0.25);
}
.notice h2 { margin: 0 0 8px; font-size: 16px }
.notice p, .notice ul { margin: 8px 0 }
.notice ul { padding-left: 20px }
.notice li { margin: 8px 0 }
`
