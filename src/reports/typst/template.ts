/**
 * How the report looks on paper, in Typst. It is a constant: whatever the report says comes in as data (`report.json`) and is
 * only ever shown as text, never read as markup. What is wider than its column was given places to break before.
 */
export const TEMPLATE = String.raw`
#let d = json("report.json")
#let soft = rgb("#56616c")
#let line-colour = rgb("#d5dade")
#let tones = (
  pass: (ink: rgb("#14653a"), paper: rgb("#e6f4ec")),
  fail: (ink: rgb("#a11d18"), paper: rgb("#fceae8")),
  open: (ink: rgb("#744800"), paper: rgb("#fcf2dc")),
  error: (ink: rgb("#662a80"), paper: rgb("#f5ecf9")),
  rest: (ink: rgb("#47535e"), paper: rgb("#edf0f2")),
)
#let mono = "DejaVu Sans Mono"

#set document(title: d.title, author: d.cover.lab, date: datetime(..d.date))
#set text(font: "DejaVu Sans", stretch: 90%, size: 8.8pt, lang: "en", fill: rgb("#1b2127"), hyphenate: false)
#set par(leading: 0.62em, spacing: 0.9em)
#set page(
  paper: "a4",
  margin: (x: 17mm, top: 22mm, bottom: 20mm),
  header: text(size: 7pt, fill: soft, grid(
    columns: (1fr, auto), column-gutter: 6mm,
    d.head, d.cover.lab,
  )),
  footer: text(size: 6.4pt, fill: soft, grid(
    columns: (1fr, auto), column-gutter: 4mm,
    text(font: mono, size: 5.8pt, d.signed),
    context [Page #counter(page).display() of #counter(page).final().first()],
  )),
)
#set heading(bookmarked: true)
#show heading.where(level: 1): it => block(above: 2.2em, below: 0.9em, sticky: true, text(size: 13pt, weight: "bold", it.body))
#show heading.where(level: 2): it => block(above: 1.4em, below: 0.7em, sticky: true, text(size: 9.5pt, weight: "bold", it.body))
#show heading.where(level: 3): it => block(above: 1.2em, below: 0.6em, sticky: true, text(size: 8.5pt, weight: "bold", fill: soft, it.body))
#show link: set text(fill: rgb("#0d5a63"))

#let tag(finding) = {
  let look = d.looks.at(finding)
  let tone = tones.at(look.tone)
  box(fill: tone.paper, radius: 1.6pt, inset: (x: 3pt), outset: (y: 2pt), text(
    size: 0.92em, weight: "bold", fill: tone.ink, look.symbol + " " + look.word,
  ))
}

#let inline(x) = {
  if type(x) == str { text(x) }
  else if type(x) == array { x.map(inline).join() }
  else if type(x) == dictionary {
    if x.kind == "code" { text(font: mono, size: 0.86em, x.text) }
    else if x.kind == "strong" { strong(text(x.text)) }
    else if x.kind == "soft" { text(fill: soft, x.text) }
    else if x.kind == "finding" { tag(x.finding) }
    else if x.kind == "link" { link(label(x.to), text(x.text)) }
    else if x.kind == "lines" { x.lines.map(inline).join(linebreak()) }
  } else { str(x) }
}

#let facts(rows) = block(above: 0.9em, below: 0.9em, grid(
  columns: (42mm, 1fr), row-gutter: 0.7em, column-gutter: 4mm,
  ..rows.map(((name, value)) => (text(fill: soft, name), inline(value))).flatten(),
))

#let cells(rows) = {
  let all = ()
  for row in rows { for cell in row { all.push(inline(cell)) } }
  all
}

#let data-table(b) = block(above: 1.1em, below: 1.1em, {
  block(below: 0.5em, sticky: true, text(size: 7.5pt, fill: soft, b.caption))
  set text(size: 7.6pt)
  set par(leading: 0.5em)
  table(
    columns: b.columns.map(c => c.at("weight", default: 1) * 1fr),
    align: b.columns.map(c => if c.at("number", default: false) { right } else { left }),
    inset: (x: 4pt, y: 3.6pt),
    stroke: (x, y) => (bottom: if y == 0 { 0.7pt + soft } else { 0.4pt + line-colour }),
    table.header(..b.columns.map(c => text(weight: "bold", fill: soft, c.title))),
    ..cells(b.rows),
  )
})

#let ladder-columns = (
  (title: "Seconds", number: true, weight: 0.7), (title: "From", weight: 1.6), (title: "To", weight: 1.6),
  (title: "Message", weight: 2.4),
)

#let plot-columns = (
  (title: "Line", weight: 3), (title: "Values", number: true), (title: "Least", number: true),
  (title: "Most", number: true), (title: "Last", number: true),
)

#let note(content) = block(
  width: 100%, fill: tones.open.paper, radius: 3pt, inset: 7pt, above: 1.1em, below: 1.1em, content,
)

#let show-block(b, level) = {
  if b.kind == "text" {
    if b.at("tone", default: none) == "note" { note(inline(b.text)) } else { par(inline(b.text)) }
  } else if b.kind == "heading" { heading(level: level, outlined: false, text(b.text)) }
  else if b.kind == "facts" { facts(b.rows) }
  else if b.kind == "table" { data-table(b) }
  else if b.kind == "ladder" {
    data-table((caption: b.caption, columns: ladder-columns, rows: b.ladder.steps.map(s => (
      s.time, b.ladder.parties.at(s.from), b.ladder.parties.at(s.to), s.name,
    ))))
    if b.ladder.more > 0 { par(text(fill: soft, str(b.ladder.more) + " more not shown.")) }
  }
  else if b.kind == "plot" {
    data-table((caption: b.caption, columns: plot-columns, rows: b.rows.map(r => (
      r.name, str(r.count), r.least, r.most, r.last,
    ))))
  }
  else if b.kind == "list" { list(marker: [–], indent: 2pt, ..b.items.map(inline)) }
  else if b.kind == "case" {
    let bar = 2pt + tones.at(d.looks.at(b.finding).tone).ink
    let content = block(width: 100%, stroke: (left: bar), inset: (left: 8pt, y: 1pt), above: 1.8em, below: 1.2em, {
      heading(level: 2, outlined: false, { inline(b.title); h(0.8em); box(tag(b.finding)) })
      for inner in b.blocks { show-block(inner, 3) }
    })
    if "id" in b { [#content#label(b.id)] } else { content }
  }
}

// The cover.
#{
  let look = d.results.at(d.cover.result)
  let tone = tones.at(look.tone)
  text(size: 10pt, weight: "bold", fill: rgb("#0d5a63"), d.cover.kind)
  v(-0.4em)
  block(below: 0.8em, title(text(size: 20pt, weight: "bold", d.cover.title)))
  par(text(fill: soft, d.cover.subtitle))
  block(width: 100%, fill: tone.paper, radius: 4pt, inset: 10pt, above: 1.4em, below: 1em, grid(
    columns: (auto, 1fr), column-gutter: 6mm, align: horizon,
    text(size: 14pt, weight: "bold", fill: tone.ink, look.symbol + " " + look.word), text(d.cover.sentence),
  ))
  par(leading: 1em, d.cover.counts.map(c => box(text(weight: "bold", str(c.count)) + " " + tag(c.finding))).join(h(1.2em)))
  for b in d.cover.blocks { show-block(b, 2) }
  block(above: 2em, outline(title: text(size: 9.5pt)[Contents], depth: 1))
  pagebreak()
}

#for section in d.sections {
  heading(level: 1, text(section.title))
  for b in section.blocks { show-block(b, 2) }
}

#block(above: 3em, breakable: false, {
  line(length: 100%, stroke: 0.4pt + soft)
  set text(fill: soft)
  for sentence in d.ending { par(text(sentence)) }
  align(center, text(fill: black, tracking: 0.08em)[End of report])
})
`;
