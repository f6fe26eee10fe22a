// SPDX-License-Identifier: Apache-2.0
import { commands } from './commands.ts'

/** What `--help` prints above all commands, or of a group of them such as `trace`. */
export function usageOf(group?: string): string {
  const listed = group === undefined ? commands : commands.filter(({ name }) => name.startsWith(`${group} `))
  const width = Math.max(...listed.map(({ name }) => name.length))
  return [
    `Usage: dynamo-agent ${group === undefined ? '' : `${group} `}COMMAND [OPTION…]`,
    '',
    ...(group === undefined ? ['perf for agents on NVIDIA Dynamo', ''] : []),
    'Commands:',
    ...listed.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Options:',
    '  -h, --help  print this text; after a command, its own',
    ...(group === undefined ? ['  --version   print the version'] : []),
    '',
    'Exit codes:',
    '  0  done (rows that had to be skipped are reported, they are no failure)',
    '  1  an input holds nothing usable, or a service is at fault',
    '  2  the command line is at fault, or names a path that does not exist',
  ].join('\n')
}
