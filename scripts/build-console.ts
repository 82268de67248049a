// Builds dist/console, what a browser loads of the desk.
import { buildConsole } from './bundle-console.ts'

await buildConsole()
