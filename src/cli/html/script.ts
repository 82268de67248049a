/**
 * The report's only script. It adds what a page cannot do by itself: saving a picture as SVG and a
 * table as CSV, and opening the tables for print. Nothing of it is needed to read the report.
 */
export const SCRIPT = `(() => {
  const style = document.getElementById('picture-style').textContent
  const save = (name, type, text) => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([text], { type }))
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10000)
  }
  const svgOf = (picture) => {
    const copy = picture.cloneNode(true)
    const sheet = document.createElementNS(copy.namespaceURI, 'style')
    sheet.textContent = style
    const ground = document.createElementNS(copy.namespaceURI, 'rect')
    for (const [name, value] of [['width', '100%'], ['height', '100%'], ['fill', '#fbfbfa']]) ground.setAttribute(name, value)
    copy.prepend(sheet, ground)
    return new XMLSerializer().serializeToString(copy)
  }
  // A spreadsheet runs a cell that begins like a formula: such text is quoted, figures are not.
  const cell = (node) => {
    const text = node.textContent.trim()
    const safe = /^[=+\\-@\\t\\r]/.test(text) && !/^-?[\\d.,]+%?$/.test(text) ? "'" + text : text
    return /[",\\n\\r]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe
  }
  const csvOf = (table) => [...table.rows].map((row) => [...row.cells].map(cell).join(',')).join('\\r\\n') + '\\r\\n'
  const add = (tools, words, label, act) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = words
    button.setAttribute('aria-label', label)
    button.addEventListener('click', act)
    tools.append(button)
  }
  for (const figure of document.querySelectorAll('figure[data-name]')) {
    const name = figure.dataset.name
    const tools = figure.querySelector('.tools')
    const shown = () => [...figure.querySelectorAll('svg')].find((one) => one.getClientRects().length > 0) ?? figure.querySelector('svg')
    const table = figure.querySelector('table')
    if (shown()) add(tools, 'Save SVG', 'Save SVG: ' + name, () => save('telltale-' + name + '.svg', 'image/svg+xml', svgOf(shown())))
    if (table) add(tools, 'Save CSV', 'Save CSV: ' + name, () => save('telltale-' + name + '.csv', 'text/csv', csvOf(table)))
  }
  addEventListener('beforeprint', () => {
    for (const one of document.querySelectorAll('details')) one.open = true
  })
})()`
