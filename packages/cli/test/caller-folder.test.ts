// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { enterCallerFolder } from '../src/caller-folder.ts'

/** What npm 11 and pnpm 12 set for the root script of a clone in /clone, called from /clone/packages/cli. */
const rootScript = {
  INIT_CWD: '/clone/packages/cli',
  npm_package_name: 'dynamo-agent-workspace',
  npm_package_json: '/clone/package.json',
}

function folderAfter(env: Record<string, string>, cwd: string): string {
  let folder = cwd
  enterCallerFolder({
    env,
    cwd: () => folder,
    chdir: (to) => {
      folder = to
    },
  })
  return folder
}

test.each([
  {
    where: 'in the root script, where the caller stands',
    env: rootScript,
    cwd: '/clone',
    folder: '/clone/packages/cli',
  },
  { where: 'without a package manager, where it was started', env: {}, cwd: '/clone', folder: '/clone' },
  {
    where: "in anybody else's script, that script's folder",
    env: { ...rootScript, npm_package_name: 'their-app' },
    cwd: '/clone',
    folder: '/clone',
  },
  {
    where: 'further down from the root script, its own folder',
    env: rootScript,
    cwd: '/elsewhere',
    folder: '/elsewhere',
  },
])('paths start $where', ({ env, cwd, folder }) => {
  expect(folderAfter({ ...env }, cwd)).toBe(folder)
})

test('the variable is followed once', () => {
  const env = { ...rootScript }
  expect(folderAfter(env, '/clone')).toBe('/clone/packages/cli')
  expect(folderAfter(env, '/clone')).toBe('/clone')
})
