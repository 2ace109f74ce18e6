// Builds static/built from static/src and the installed packages: `npm run build`.
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import * as sass from 'sass'

const root = fileURLToPath(new URL('..', import.meta.url))
const built = `${root}static/built/`
const kit = `${root}node_modules/govuk-frontend/`

const { version } = JSON.parse(await readFile(`${kit}package.json`, 'utf8'))
const { css } = sass.compile(`${root}static/src/app.scss`, {
  style: 'compressed',
  charset: false,
  loadPaths: [`${root}node_modules`],
  quietDeps: true
})

await rm(built, { recursive: true, force: true })
await mkdir(built, { recursive: true })
await writeFile(`${built}app.css`, css)

// The kit's version is in its name, so that a browser never keeps an old one.
const module = `govuk-frontend-${version}.min.js`
const script = await readFile(`${kit}dist/govuk/govuk-frontend.min.js`, 'utf8')
await writeFile(built + module, script.replace(/\/\/# sourceMappingURL=.*$/m, ''))
const parts = ['app', 'timeout', 'security-key'].map((name) => readFile(`${root}static/src/${name}.js`, 'utf8'))
const own = (await Promise.all(parts)).join('\n')
await writeFile(`${built}app.js`, own.replace("'govuk-frontend'", `'./${module}'`))
await copyFile(`${root}static/src/favicon.svg`, `${built}favicon.svg`)
