// SPDX-License-Identifier: Apache-2.0
// Loaded into Pi with --import: tells at its end what it has used.
import { writeFileSync } from 'node:fs'

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const usage = { cpuMs: (userCPUTime + systemCPUTime) / 1000, memoryMb: maxRSS / 1024 }
  writeFileSync(process.env.USAGE_FILE ?? '', JSON.stringify(usage))
})
